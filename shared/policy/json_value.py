"""JSON values whose shape nobody knows beforehand."""

from collections.abc import Mapping
from typing import Any, TypeGuard

Json = Any
"""Whatever json.loads returns."""


def is_mapping(value: object) -> TypeGuard[dict[str, Json]]:
    """Tell whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Json]]:
    """Tell whether `value` is a JSON list."""
    return isinstance(value, list)


def at(value: object, path: str) -> Json:
    """Return what is at a dotted path of keys, None where the path ends early."""
    found = value
    for key in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(key)
    return found
