"""Creations that failed and may have been done all the same, as pending operations of a state. Pure.

The engine forgets them. In the state they are resolved like those of an engine that was killed.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from shared.orchestration.planned_outputs import holds_unknown
from shared.pending_operations.ids_from_inputs import follows_from_inputs
from shared.pending_operations.marks import MARKS

_OF_THE_GOAL: Final = ("additionalSecretOutputs", "deletedWith", "dependencies", "propertyDependencies")
"""What a plan's goal and a state call alike."""

_CONCEALED: Final = "[secret]"
"""What the engine's events have in place of a secret."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnansweredCreation:
    """A creation whose end nobody knows. inputs: as events have them, with a word in place of each secret.

    parent, provider: as the engine has them, the first empty for none. protect, retain_on_delete: as the program says.
    """

    urn: str
    type: str
    parent: str
    provider: str
    protect: bool
    retain_on_delete: bool
    inputs: Mapping[str, Any] = dataclasses.field(repr=False)


def can_be_found(token: str) -> bool:
    """Return whether a resource of this type can be found again by what its creation was asked for."""
    return follows_from_inputs(token) or token in MARKS


def with_unanswered(
    checkpoint: Mapping[str, Any], creations: Iterable[UnansweredCreation], plan: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the checkpoint of a stack with creations among its pending operations.

    plan: the engine's, which the stack was updated under. It has what a creation waits for, and secrets as ciphertext.
    """
    latest = checkpoint["checkpoint"]["latest"]
    pending = [*(latest.get("pending_operations") or ()), *(_entry(one, plan) for one in creations)]
    return {
        **checkpoint,
        "checkpoint": {**checkpoint["checkpoint"], "latest": {**latest, "pending_operations": pending}},
    }


def _entry(creation: UnansweredCreation, plan: Mapping[str, Any]) -> dict[str, Any]:
    goal: Mapping[str, Any] = plan["resourcePlans"].get(creation.urn, {}).get("goal") or {}
    difference: Mapping[str, Any] = goal.get("inputDiff") or {}
    planned = {**(difference.get("adds") or {}), **(difference.get("updates") or {})}
    said = {name: goal[name] for name in _OF_THE_GOAL if goal.get(name)}
    marks = {"protect": creation.protect, "retainOnDelete": creation.retain_on_delete}
    resource = {
        "urn": creation.urn,
        "custom": True,
        "type": creation.type,
        "inputs": dict(_readable(creation.inputs, planned)),
        "provider": creation.provider,
        **({"parent": creation.parent} if creation.parent else {}),
        **said,
        **{name: mark for name, mark in marks.items() if mark},
    }
    return {"resource": resource, "type": "creating"}


def _readable(inputs: Mapping[str, Any], planned: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the inputs; where a secret is concealed in one, as the plan has it, and not at all where that cannot know.

    An update then says those again, which nobody has reviewed yet: the stack has to be previewed and deployed anew.
    """
    for name, value in inputs.items():
        if not _conceals(value):
            yield name, value
        elif name in planned and not holds_unknown(planned[name]):
            yield name, planned[name]


def _conceals(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_conceals(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_conceals(inner) for inner in value)
    return value == _CONCEALED
