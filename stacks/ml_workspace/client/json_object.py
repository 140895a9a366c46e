"""What JSON calls an object."""

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value of JSON is an object."""
    return isinstance(value, Mapping)
