"""Vaults, keys, secrets and logs."""
