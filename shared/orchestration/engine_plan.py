"""The engine's update plans, as data: what each resource shall become (its goal) and by which steps.

The engine demands that each resource takes exactly the steps of its plan, or none at all where one step is planned.
A preview cannot always know them: what is updated has outputs that are not known, and what hangs on those is previewed
as replaced, while nothing happens to it in the end. So the steps are those that are expected, and the goals stay.
"""

from collections.abc import Collection, Mapping
from typing import Any

from shared.orchestration.planned_outputs import UNKNOWN, is_secret

Plan = Mapping[str, Any]

_HARMLESS = ["update"]
"""Steps that allow an update, and that nothing happens."""


def expecting(plan: Plan, now: Plan, calm: Collection[str]) -> dict[str, Any]:
    """Return `plan` with the steps of `now`, a plan made since; resources of `calm` are not replaced."""
    steps = {urn: _HARMLESS if urn in calm else one.get("steps") for urn, one in now["resourcePlans"].items()}
    resources = {urn: {**one, "steps": steps[urn]} for urn, one in plan["resourcePlans"].items() if urn in steps}
    return {**plan, "resourcePlans": resources}


def without(plan: Plan, urns: Collection[str]) -> dict[str, Any]:
    """Return a plan that says nothing of some resources: they stay as they are."""
    return {**plan, "resourcePlans": {urn: one for urn, one in plan["resourcePlans"].items() if urn not in urns}}


def property_names(plan: Plan) -> dict[str, set[str]]:
    """Return the names of the inputs, and of the outputs that change, of each resource, by URN."""
    return {
        urn: {*(_goal(one).get("propertyDependencies") or {}), *_outputs(one)}
        for urn, one in plan["resourcePlans"].items()
    }


def _outputs(resource: Mapping[str, Any]) -> set[str]:
    """Return the names of outputs that change: of the root resource, those of the stack."""
    difference = _goal(resource).get("outputDiff") or {}
    return {*(difference.get("adds") or {}), *(difference.get("updates") or {}), *(difference.get("deletes") or ())}


def dependencies(plan: Plan, urn: str, name: str) -> tuple[str, ...]:
    """Return the URNs of the resources that an input of a resource comes from."""
    return tuple((_goal(plan["resourcePlans"].get(urn, {})).get("propertyDependencies") or {}).get(name) or ())


def _goal(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return resource.get("goal") or {}


def contradictions(plan: Plan, now: Plan) -> tuple[str, ...]:
    """Return where resources would become something else than `plan` says: "URN property", in order.

    What was not known then may be anything. Secrets are ciphertext that differs each time: the engine compares them.
    """
    before, after = plan["resourcePlans"], now["resourcePlans"]
    return tuple(
        f"{urn} {name}"
        for urn in sorted(set(before) & set(after))
        for then, today in [(_values(before[urn]), _values(after[urn]))]
        for name in sorted(set(then) & set(today))
        if not _agree(then[name], today[name])
    )


def _values(resource: Mapping[str, Any]) -> dict[str, Any]:
    difference = _goal(resource).get("inputDiff") or {}
    return {**(difference.get("adds") or {}), **(difference.get("updates") or {})}


def _agree(then: Any, today: Any) -> bool:
    if then == UNKNOWN or is_secret(then) or is_secret(today):
        return True
    if isinstance(then, Mapping) and isinstance(today, Mapping):
        return set(then) == set(today) and all(_agree(then[key], today[key]) for key in then)
    if isinstance(then, list) and isinstance(today, list):
        return len(then) == len(today) and all(map(_agree, then, today))
    return type(then) is type(today) and bool(then == today)
