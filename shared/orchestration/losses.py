"""What a previewed operation would destroy, and what it asks of a service that the service refuses."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from shared.orchestration.stateful import FIXED, LOST_WITH, FixedProperty

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in the engine's events for a value that is not known yet."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """What the engine would do with one resource that exists.

    id: the cloud's. keys: the inputs that force a replacement. old and new: inputs, in which the engine has put a word
    in place of each secret.
    """

    urn: str
    type: str
    kind: Literal["update", "replace", "delete"]
    id: str
    keys: tuple[str, ...] = ()
    old: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    new: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Return whether it is sure to happen: something that is known already forces it.

        Without keys it follows another resource, so it is as sure as that one.
        """
        return self.kind != "replace" or any(not _unknown(self.new.get(_top(key))) for key in self.keys)

    @property
    def name(self) -> str:
        """Return the resource's name in its cloud."""
        return self.id.rstrip("/").rpartition("/")[2] or self.urn.rpartition("::")[2]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Loss:
    """A resource that would be replaced or deleted with what it holds. name: in its cloud, to confirm it by."""

    name: str
    sentence: str


def losses(steps: Iterable[PlannedStep]) -> tuple[Loss, ...]:
    """Return what would be lost, in order.

    A replacement that hangs only on values which are not known yet counts where something is sure to be replaced: ids
    and names of what is only updated stay as they are.
    """
    planned = tuple(steps)
    anything_goes = any(step.certain for step in planned if step.kind == "replace")
    found = (step for step in planned if step.kind != "update" and step.type in LOST_WITH)
    return tuple(_loss(step) for step in found if step.certain or anything_goes)


def refused_changes(steps: Iterable[PlannedStep]) -> tuple[str, ...]:
    """Return one sentence per change in place that its service is known to refuse."""
    return tuple(
        f"{rule.path} of {_named(step)} {rule.why}: it is {_said(old)} and would be {_said(new)}; "
        "set it back, or destroy this resource first"
        for step in steps
        if step.kind == "update"
        for rule in FIXED
        if rule.type == step.type
        for old, new in [(_at(step.old, rule.path), _at(step.new, rule.path))]
        if _is_refused(rule, old, new)
    )


def _is_refused(rule: FixedProperty, old: Any, new: Any) -> bool:
    return old != new and not _unknown(new) and not rule.allows(old, new)


def _loss(step: PlannedStep) -> Loss:
    kind = "would be deleted" if step.kind == "delete" else "would be replaced"
    why = f" ({', '.join(sorted({_top(key) for key in step.keys}))} changed)" if step.keys else ""
    may = "" if step.certain else " if what it hangs on is"
    return Loss(name=step.name, sentence=f"{_named(step)} {kind}{may}{why}, and with it {LOST_WITH[step.type]}")


def _named(step: PlannedStep) -> str:
    """Return "storage account stmlpprod1a2b"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", step.type.rpartition(":")[2]).lower()
    return f"{words} {step.name}"


def _top(key: str) -> str:
    return re.split(r"[.\[]", key)[0]


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_unknown(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_unknown(inner) for inner in value)
    return value == UNKNOWN


def _said(value: Any) -> str:
    return "not set" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
