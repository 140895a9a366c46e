"""What is left in the simulated clouds after everything was destroyed."""

from pathlib import Path

from shared.sandbox.inventory import Inventory


def remains(path: Path) -> list[str]:
    """Return one line per live resource in the inventory file; deliberately retained ones are among them."""
    inventory = Inventory(path)
    try:
        return [f"left in the cloud: {record.token} {record.id}" for record in inventory.all()]
    finally:
        inventory.close()
