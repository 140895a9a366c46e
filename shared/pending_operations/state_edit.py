"""What becomes of a checkpoint when pending operations are resolved. Pure functions over the engine's JSON."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.orchestration.planned_outputs import SIGNATURE, is_secret
from shared.pending_operations.model import PendingOperation, Result

_Resource = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found out about a pending operation.

    found: the resource as the cloud has it, in the form of checkpoints; None where it does not exist or nobody asked.
    """

    operation: PendingOperation
    result: Result
    found: _Resource | None = None


def resolved(checkpoint: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the checkpoint of one stack with all findings about its pending operations worked into it."""
    latest = checkpoint["checkpoint"]["latest"]
    resources: list[_Resource] = list(latest.get("resources") or ())
    for finding in findings:
        resources = _with(resources, finding)
    kept = {name: value for name, value in latest.items() if name != "pending_operations"}
    return {**checkpoint, "checkpoint": {**checkpoint["checkpoint"], "latest": {**kept, "resources": resources}}}


def live(resources: Iterable[_Resource], urn: str) -> _Resource | None:
    """Return the entry of a resource that is not on its way out; None where there is none."""
    return next((one for one in resources if one["urn"] == urn and not one.get("delete")), None)


def _with(resources: list[_Resource], finding: Finding) -> list[_Resource]:
    operation = finding.operation
    if finding.result == "adopted" and finding.found:
        return _adopted(resources, operation, finding.found)
    if finding.result == "read again" and finding.found:
        return [_read_again(one, finding.found) if _is(one, operation) else one for one in resources]
    if finding.result == "gone":
        return list(_without(resources, operation))
    return resources


def _read_again(resource: _Resource, found: _Resource) -> _Resource:
    """Return an entry as the cloud has it. What its program adds or takes away is done again, which changes nothing."""
    inputs = agreed(resource.get("inputs") or {}, found.get("inputs") or {})
    return {**resource, "inputs": inputs, "outputs": found.get("outputs") or {}}


def _adopted(resources: list[_Resource], operation: PendingOperation, found: _Resource) -> list[_Resource]:
    """Return the resources with one that was created, where the engine would have put it had it lived.

    What it replaces goes: one that was deleted before leaves the state, one that is to be deleted after is marked.
    """
    inputs = agreed(operation.resource.get("inputs") or {}, found.get("inputs") or {})
    entry = {**operation.resource, "id": found["id"], "inputs": inputs, "outputs": found.get("outputs") or {}}
    before = [
        {**one, "delete": True} if one["urn"] == operation.urn and not one.get("delete") else one
        for one in resources
        if not (one["urn"] == operation.urn and one.get("pendingReplacement"))
    ]
    needed = set(_needs(operation.resource))
    # A state begins with its root.
    place = max((number for number, one in enumerate(before, start=1) if one["urn"] in needed), default=1)
    return [*before[:place], entry, *before[place:]]


def _without(resources: Iterable[_Resource], operation: PendingOperation) -> Iterator[_Resource]:
    """Yield the resources, of which one is not in the cloud any more.

    One that was on its way out anyway leaves the state. Another one is marked as the engine marks what it deleted to
    make it anew: it is made if the program still has it, and leaves the state if not. Others may still depend on it.
    """
    for one in resources:
        if not _is(one, operation):
            yield one
        elif not one.get("delete"):
            yield {**one, "pendingReplacement": True}


def _is(resource: _Resource, operation: PendingOperation) -> bool:
    """Return whether an entry is the one that was being updated or deleted: of two with one URN, by its id."""
    wanted = operation.resource.get("id")
    if resource["urn"] != operation.urn:
        return False
    return resource.get("id") == wanted if wanted else not resource.get("delete")


def _needs(resource: _Resource) -> Iterator[str]:
    """Yield the URNs of what must come before a resource in a checkpoint."""
    yield from (str(resource[name]) for name in ("parent", "deletedWith") if resource.get(name))
    yield from (resource.get("dependencies") or ())
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from (urns or ())
    if resource.get("provider"):
        yield str(resource["provider"]).rpartition("::")[0]


def agreed(said: Any, seen: Any) -> Any:
    """Return the inputs that a program said, with the values that the cloud has where these are others.

    What the cloud adds is left out, since the program does not say it. What it does not give back stays as it was said;
    so does a secret, whose ciphertext tells nothing.
    """
    if is_secret(said) or seen is None or is_secret(seen):
        return said
    if isinstance(said, Mapping) and isinstance(seen, Mapping) and SIGNATURE not in said:
        return {name: agreed(value, seen.get(name)) for name, value in said.items()}
    if isinstance(said, list) and isinstance(seen, list) and len(said) == len(seen):
        return [agreed(one, other) for one, other in zip(said, seen, strict=True)]
    return seen
