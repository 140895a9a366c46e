"""How a resource in the cloud differs from what the state says of it. Pure."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from shared.orchestration.property_changes import property_changes
from shared.orchestration.resource_changes import PropertyChange, ResourceChange

VOLATILE = frozenset({"etag", "systemData"})
"""Outputs that a cloud changes by itself: a version mark, and who touched a resource last and when ("Common API
contracts: systemData", Azure Resource Manager)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs. properties: names; details: before is the state's value, after the cloud's."""

    properties: tuple[str, ...]
    details: tuple[PropertyChange, ...]


def difference(
    inputs: tuple[Mapping[str, Any], Mapping[str, Any]],
    outputs: tuple[Mapping[str, Any], Mapping[str, Any]],
    named: Iterable[str],
) -> Difference | None:
    """Return how a resource differs that the engine says does; None where only what is volatile does.

    inputs and outputs: as the state has them, and as the cloud has. Secrets in them are masked, so where nothing else
    differs it is a secret that does. named: properties that the engine names.
    """
    details = property_changes(*inputs)
    if not details:
        changed = property_changes(*outputs)
        details = tuple(dataclasses.replace(one, output=True) for one in changed if top(one.path) not in VOLATILE)
        if changed and not details:
            return None
    properties = dict.fromkeys([*(top(one.path) for one in details), *(top(name) for name in named)])
    return Difference(properties=tuple(properties), details=details)


def top(path: str) -> str:
    """Return the property that a path begins with."""
    return path.partition(".")[0].partition("[")[0]


def sentence(changes: Iterable[ResourceChange]) -> str:
    """Return in one line what differs: "2 resources differ: identity (tags), group (gone)"; empty for nothing."""
    found = [f"{one.name} ({_what(one)})" for one in changes]
    if not found:
        return ""
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    verb = "resource differs" if len(found) == 1 else "resources differ"
    return f"{len(found)} {verb} from the state: {', '.join(found[:_NAMED])}{more}"


_NAMED = 5


def _what(change: ResourceChange) -> str:
    return "gone" if change.certain == "delete" else ", ".join(change.properties) or "a secret"
