"""Why something is only possible: the chain from a resource to what is not known yet."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from shared.orchestration.engine_plan import Plan, dependencies, property_names
from shared.orchestration.losses import PlannedStep
from shared.orchestration.planned_outputs import REFERENCE_TYPE, resources_of
from shared.orchestration.resource_changes import KINDS, ResourceChange, name_of, type_of

_LONGEST = 8
_SHORTEST_MATCH = 6
_NAMED: Final = 3
_VERBS = {"create": "creates", "update": "updates", "replace": "replaces", "delete": "deletes"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hidden:
    """An output of an upstream that is not known before that is deployed.

    last: its value now, None where it has none. why: what happens to it there, as a clause.
    """

    stack: str
    output: str
    last: Any = dataclasses.field(repr=False)
    why: str


def chain(
    urn: str,
    steps: Mapping[str, PlannedStep],
    plan: Plan,
    hidden: Sequence[Hidden],
    last: Mapping[str, Mapping[str, Any]],
) -> tuple[str, ...]:
    """Return why more than what is certain may happen to a resource, from the nearest reason to the farthest.

    steps: of the preview with unknown values, by URN. last: inputs of resources with the values they had last, by URN.
    """
    return tuple(_links(urn, steps, plan, hidden, last))


def _links(
    urn: str,
    steps: Mapping[str, PlannedStep],
    plan: Plan,
    hidden: Sequence[Hidden],
    last: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    seen: set[str] = set()
    while urn in steps and urn not in seen and len(seen) < _LONGEST:
        seen.add(urn)
        found = next(_sources(steps[urn], steps, plan), None) or next(_replaced(urn, steps, plan), None)
        if found is None:
            return
        name, source = found
        if type_of(source) == REFERENCE_TYPE:
            stack = name_of(source).split("/")[1]
            yield from _from_upstream(name, [one for one in hidden if one.stack == stack], last.get(urn, {}).get(name))
            return
        yield f"{name} comes from {name_of(source)} ({type_of(source)}), {_what(steps.get(source))}"
        urn = source


def _sources(step: PlannedStep, steps: Mapping[str, PlannedStep], plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield inputs that are not known, with the URNs of what they come from; those that force a replacement first.

    A source that stays as it is has no values that are not known: it is left out.
    """
    for name in sorted(step.unknown, key=lambda name: name not in step.forcing):
        for source in dependencies(plan, step.urn, name):
            if source in steps or type_of(source) == REFERENCE_TYPE or _is_new(source, plan):
                yield name, source


def _is_new(urn: str, plan: Plan) -> bool:
    return plan["resourcePlans"].get(urn, {}).get("steps") == ["create"]


def _replaced(urn: str, steps: Mapping[str, PlannedStep], plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield inputs that come from what may be replaced: what is deleted first takes with it what hangs on it."""
    for name in sorted(property_names(plan).get(urn, ())):
        for source in dependencies(plan, urn, name):
            if source in steps and steps[source].kind == "replace":
                yield name, source


def _from_upstream(name: str, hidden: Sequence[Hidden], value: Any) -> Iterator[str]:
    if not hidden:
        return
    matching = [one for one in hidden if _holds(value, one.last)] or list(hidden)
    shown = ", ".join(f"{one.stack}.{one.output}" for one in matching[:_NAMED])
    more = f" or {len(matching) - _NAMED} more" if len(matching) > _NAMED else ""
    yield f"{name} comes from {shown}{more}, which is not known yet"
    yield matching[0].why


def _what(step: PlannedStep | None) -> str:
    if step is None:
        return "which is created"
    if step.kind == "replace" and not step.certain:
        return "which may be replaced"
    return {"update": "which is updated", "replace": "which is replaced", "delete": "which is deleted"}[step.kind]


def origin(stack: str, value: Any, checkpoint: Mapping[str, Any] | None, changes: Iterable[ResourceChange]) -> str:
    """Return what makes an output unknown, as a clause. value: what it is now."""
    touched = sorted(changes, key=lambda change: KINDS.index(change.strongest))
    by_urn = {change.urn: change for change in touched}
    owners = [one["urn"] for one in resources_of(checkpoint) if one["urn"] in by_urn and _publishes(one, value)]
    if owners:
        return _clause(stack, by_urn[owners[0]])
    if not touched:
        return f"{stack} has it changed"
    more = f" and changes {len(touched) - 1} more" if len(touched) > 1 else ""
    return _clause(stack, touched[0]) + more


def _clause(stack: str, change: ResourceChange) -> str:
    verb = _VERBS[change.strongest] if change.certain else f"may {change.strongest}"
    return f"{stack} {verb} {change.name} ({change.type})"


def _publishes(resource: Mapping[str, Any], value: Any) -> bool:
    leaves = {leaf for leaf in _leaves(value) if len(leaf) >= _SHORTEST_MATCH}
    return bool(leaves & {str(resource.get("id", "")), *_leaves(resource.get("outputs"))})


def _holds(value: Any, last: Any) -> bool:
    """Return whether an input was made from an output: it is that value, or has it in it."""
    mine, theirs = set(_leaves(value)), {leaf for leaf in _leaves(last) if len(leaf) >= _SHORTEST_MATCH}
    return any(one in text for one in theirs for text in mine)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
