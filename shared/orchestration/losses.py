"""What a previewed operation would destroy, and what it asks of a service that the service refuses."""

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from shared.orchestration.planned_outputs import holds_unknown
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.stateful import FIXED, LOST_WITH, FixedProperty

_PROVIDERS = "pulumi:providers:"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """What the engine would do with one resource that exists.

    id: the cloud's. keys: the inputs that force a replacement; changed: all that change. old and new: inputs, in which
    the engine has put a word in place of each secret.
    """

    urn: str
    type: str
    kind: Literal["update", "replace", "delete"]
    id: str
    keys: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    old: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    new: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Return whether it is sure to happen: something that is known already forces it.

        Without keys it follows another resource, so it is as sure as that one.
        """
        return self.kind != "replace" or self._known(self.keys)

    @property
    def least(self) -> str:
        """Return what happens at least: what the inputs that are known already ask for."""
        if self.certain:
            return self.kind if self.kind != "update" or self._known(self.changed) else "same"
        return "update" if self._known(self.changed) else "same"

    def _known(self, inputs: tuple[str, ...]) -> bool:
        return any(not holds_unknown(self.new.get(_top(name))) for name in inputs)

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the names of the inputs that change."""
        return tuple(dict.fromkeys(_top(path) for path in (*self.keys, *self.changed)))

    @property
    def forcing(self) -> tuple[str, ...]:
        """Return the names of the inputs that force a replacement."""
        return tuple(dict.fromkeys(_top(path) for path in self.keys))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the names of the inputs that may change and are not known yet."""
        return tuple(name for name in self.properties if holds_unknown(self.new.get(name)))

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
    anything_goes = _replaced(planned)
    found = (step for step in planned if step.kind != "update" and step.type in LOST_WITH)
    return tuple(_loss(step) for step in found if step.certain or anything_goes)


def losses_of_state(changes: Iterable[ResourceChange], resources: Iterable[Mapping[str, Any]]) -> tuple[Loss, ...]:
    """Return what changes that are certain would lose. resources: of the stack's checkpoint."""
    kinds = {change.urn: change for change in changes if change.certain in {"replace", "delete"}}
    steps = (
        PlannedStep(
            urn=one["urn"],
            type=one["type"],
            kind="delete" if kinds[one["urn"]].certain == "delete" else "replace",
            id=str(one.get("id", "")),
            keys=kinds[one["urn"]].properties,
        )
        for one in resources
        if one["urn"] in kinds and one.get("custom") and not one.get("retainOnDelete")
    )
    return losses(steps)


def unconfirmed(lost: Iterable[Loss], confirmed: Collection[str]) -> str:
    """Return what would be lost and nobody confirmed, and how to confirm it; empty where there is nothing."""
    open_ = [loss for loss in lost if loss.name not in confirmed]
    if not open_:
        return ""
    names = ",".join(loss.name for loss in open_)
    return f"{'; '.join(loss.sentence for loss in open_)}; if that is meant, deploy with --confirm {names}"


def refused_changes(steps: Iterable[PlannedStep]) -> tuple[str, ...]:
    """Return one sentence per change that is known to fail half-way.

    A replacement that hangs only on values which are not known yet is an update here, where nothing else is replaced.
    """
    planned = tuple(steps)
    anything_goes = _replaced(planned)
    moved = tuple(_moved(step) for step in planned if step.type.startswith(_PROVIDERS) and step.kind == "replace")
    return moved + tuple(
        f"{rule.path} of {_named(step)} {rule.why}: it is {_said(old)} and would be {_said(new)}; "
        "set it back, or destroy this resource first"
        for step in planned
        if step.kind == "update" or not (step.certain or anything_goes)
        for rule in FIXED
        if rule.type == step.type
        for old, new in [(_at(step.old, rule.path), _at(step.new, rule.path))]
        if _is_refused(rule, old, new)
    )


def _replaced(planned: Iterable[PlannedStep]) -> bool:
    """Return whether something is sure to be replaced."""
    return any(step.certain for step in planned if step.kind == "replace")


def _moved(step: PlannedStep) -> str:
    """Return what is wrong with a provider that makes everything on it anew: names are taken in all of its regions."""
    provider, keys = step.type.removeprefix(_PROVIDERS), ", ".join(sorted({_top(key) for key in step.keys})) or "place"
    return f"the {keys} of provider {provider} changed; set it back, or destroy its stacks, change it and deploy"


def _is_refused(rule: FixedProperty, old: Any, new: Any) -> bool:
    return old != new and not holds_unknown(new) and not rule.allows(old, new)


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


def _said(value: Any) -> str:
    return "not set" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
