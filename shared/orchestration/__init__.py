"""Run many stacks in the order of their contracts."""
