"""How long a deployment to slow clouds must take at least: along its longest chain of resources and stacks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

Resources = Sequence[Mapping[str, Any]]
"""The resources of one stack, as its checkpoint has them after everything was created."""


def critical_path(
    stacks: Mapping[str, Resources], upstreams: Mapping[str, Sequence[str]], seconds: Callable[[str], float]
) -> float:
    """Return the seconds of the longest chain: a stack begins when those that it reads from have ended.

    seconds: how long it takes to create a resource, by its type token.
    """
    ends: dict[str, float] = {}
    for stack in TopologicalSorter(upstreams).static_order():
        begins = max((ends[upstream] for upstream in upstreams[stack]), default=0.0)
        ends[stack] = begins + _longest(stacks[stack], seconds)
    return max(ends.values(), default=0.0)


def _longest(resources: Resources, seconds: Callable[[str], float]) -> float:
    """Return the longest chain within one stack. A checkpoint lists what a resource waits for before it."""
    ends: dict[str, float] = {}
    for resource in resources:
        begins = max((ends.get(urn, 0.0) for urn in _waits_for(resource)), default=0.0)
        ends[resource["urn"]] = begins + (seconds(resource["type"]) if _is_created(resource) else 0.0)
    return max(ends.values(), default=0.0)


def _waits_for(resource: Mapping[str, Any]) -> set[str]:
    """Return the URNs that a resource waits for: what it takes values from, is told to wait for, or lies in."""
    named = {*(resource.get("dependencies") or ()), resource.get("parent", "")}
    return named.union(*(resource.get("propertyDependencies") or {}).values())


def _is_created(resource: Mapping[str, Any]) -> bool:
    """Return whether a cloud is asked to make it: not a component, not a provider, nothing that is only read."""
    custom = bool(resource.get("custom")) and not resource.get("external")
    return custom and not str(resource["type"]).startswith("pulumi:")
