"""What a sandbox did: every operation, with the stack and the logical name of its resource."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from shared.permissions.logins import Operation
from shared.permissions.made_resource import MadeResource
from shared.sandbox.inventory import Inventory


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """A resource of a deployment. name: its logical name."""

    stack: str
    name: str
    resource: MadeResource


@dataclasses.dataclass(frozen=True, kw_only=True)
class Done:
    """One operation on a resource."""

    operation: Operation
    known: Known


class Observer:
    """Looks at a sandbox after each run: what was deleted is known from the look before."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._known: dict[tuple[str, str], Known] = {}

    def look(self) -> None:
        """Remember what exists now."""
        inventory = Inventory(self._state / "inventory.sqlite")
        made = {(one.token, one.id.lower()): one for one in inventory.all()}
        inventory.close()
        for file in self._state.glob("state/.pulumi/stacks/*/*.json"):
            for entry in json.loads(file.read_text())["checkpoint"]["latest"].get("resources", []):
                key = (entry["type"], entry.get("id", "").lower())
                if key in made:
                    record = made[key]
                    resource = MadeResource(
                        token=record.token, id=record.id, inputs=record.inputs, outputs=record.outputs
                    )
                    name = entry["urn"].rpartition("::")[2]
                    self._known[key] = Known(stack=file.parent.name, name=name, resource=resource)

    @property
    def known(self) -> Sequence[Known]:
        """Return every resource that a look found."""
        return tuple(self._known.values())

    def done(self) -> Sequence[Done]:
        """Return every operation that the sandbox logged."""
        inventory = Inventory(self._state / "inventory.sqlite")
        logged = inventory.operations()
        inventory.close()
        return tuple(
            Done(operation=_operation(operation), known=self._known[token, resource_id.lower()])
            for operation, token, resource_id in logged
        )


def _operation(text: str) -> Operation:
    if text in ("create", "update", "delete"):
        return text
    raise AssertionError(f"the sandbox logged an unknown operation: {text}")
