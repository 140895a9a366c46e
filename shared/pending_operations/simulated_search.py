"""Finding resources of the simulated clouds."""

from pathlib import Path

from shared.pending_operations.search import Marks, SearchError
from shared.sandbox.errors import InventoryError
from shared.sandbox.inventory import Inventory


class SimulatedSearch:
    """A Search in an inventory file."""

    def __init__(self, inventory: Path) -> None:
        self._path = inventory

    def find(self, token: str, marks: Marks) -> tuple[str, ...]:
        """Return the ids of what the inventory has. Raises SearchError."""
        try:
            inventory = Inventory(self._path)
        except InventoryError as error:
            raise SearchError(problem=str(error)) from None
        try:
            found = inventory.of_type(token)
        finally:
            inventory.close()
        return tuple(one.id for one in found if all(one.inputs.get(name) == marks[name] for name in marks))
