"""How the inputs of a resource differ before and after, in words. The engine has masked every secret in them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.resource_changes import PropertyChange

_LONGEST = 120


def property_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[PropertyChange, ...]:
    """Return the leaves that differ, in the order of their paths."""
    return tuple(_differences("", old, new))


def _differences(path: str, old: Any, new: Any) -> Iterator[PropertyChange]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}, key=str):
            yield from _differences(f"{path}.{key}" if path else str(key), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}[{index}]", before, after)
    else:
        yield PropertyChange(path=path, before=_said(old), after=_said(new))


def _said(value: Any) -> str:
    if value is None:
        return ""
    if value == UNKNOWN:
        return "(known after deploying)"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    text = " ".join(text.replace(UNKNOWN, "(known after deploying)").split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
