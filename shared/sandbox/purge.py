"""Purging what a simulated cloud keeps of deleted resources: its name is free then, and nobody gets it back."""

from typing import Final

from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Inventory

# Key Vault's words. Microsoft publishes none of App Configuration and of workspaces, which get the same.
_REFUSALS: Final = {"azure-native:keyvault:Vault": "Operation 'DeletedVaultPurge' is not allowed."}


def purge(inventory: Inventory, name: str) -> None:
    """Purge the soft-deleted resource that holds `name`, a SoftDeleted.name.

    Raises CloudError where nothing holds it, or where it has purge protection.
    """
    with inventory.transaction():
        held = inventory.soft_deleted.find(name)
        if held is None:
            raise CloudError("NotFound", f"Nothing that was deleted holds the name {name}.")
        if held.protected:
            said = _REFUSALS.get(held.token, f"Purge protection keeps {held.id} until {held.until:%Y-%m-%d}.")
            raise CloudError("MethodNotAllowed", said)
        inventory.soft_deleted.remove(held.id)
