"""A pending operation, and how it was resolved."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

Result = Literal["adopted", "absent", "read again", "gone", "to delete again", "harmless"]

_MEANING: Final[dict[Result, str]] = {
    "adopted": "it exists in the cloud and is in the state now",
    "absent": "it does not exist in the cloud; it is created when its stack is deployed",
    "read again": "the state has what the cloud has now; what is missing is done when its stack is deployed",
    "gone": "it does not exist in the cloud any more, and the state says so",
    "to delete again": "it still exists; it is deleted when its stack is deployed or destroyed",
    "harmless": "it changes nothing in the cloud, and is forgotten",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PendingOperation:
    """One entry of `pending_operations` in a checkpoint.

    operation: the engine's word, such as "creating". resource: as checkpoints have it; of a creation it has neither id
    nor outputs. Secrets in it are ciphertext.
    """

    stack: str
    operation: str
    resource: Mapping[str, Any] = dataclasses.field(repr=False)

    @property
    def urn(self) -> str:
        """Return the URN of the resource."""
        return str(self.resource["urn"])

    @property
    def type(self) -> str:
        """Return the type token of the resource."""
        return str(self.resource["type"])


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResolvedOperation:
    """How a pending operation was resolved. Names only, no values."""

    stack: str
    urn: str
    operation: str
    result: Result

    @property
    def sentence(self) -> str:
        """Return what is to be said of it."""
        name = self.urn.rpartition("::")[2]
        return f"{self.stack}: {self.operation} {name} was interrupted: {_MEANING[self.result]}"


def pending_in(stack: str, checkpoint: Mapping[str, Any]) -> Iterator[PendingOperation]:
    """Yield the pending operations in the checkpoint of a stack, in the engine's order."""
    latest = checkpoint["checkpoint"].get("latest") or {}
    for one in latest.get("pending_operations") or ():
        yield PendingOperation(stack=stack, operation=str(one["type"]), resource=one["resource"])
