"""A resource of a deployment, as far as permissions depend on it."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class MadeResource:
    """One resource. token: its type; id: as the cloud has it; inputs and outputs: with the names that providers see."""

    token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


def texts(value: Any) -> Iterator[str]:
    """Yield every text in `value`, the keys of mappings among them, wherever it is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
