"""Paths to properties: `tags.team`, `securityRules[0].access`, `tags["cost.center"]`."""

import re
from typing import Final

from shared.sandbox.wire import Json, is_list, is_mapping

_STEP: Final = re.compile(r'(?:^|\.)([^.\[\]"]+)|\[(\d+)\]|\["([^"]+)"\]')

Path = tuple[str | int, ...]


def parsed(text: str) -> Path:
    """Return the steps of a path: keys, and indexes of lists. Raises ValueError for what is none."""
    steps: list[str | int] = []
    position = 0
    while position < len(text) or not text:
        found = _STEP.match(text, position)
        if found is None:
            raise ValueError(f"{text!r} is no path of a property")
        key, index, quoted = found.groups()
        steps.append(int(index) if index is not None else key or quoted)
        position = found.end()
    if not isinstance(steps[0], str):
        raise ValueError(f"{text!r} is no path of a property")  # noqa: TRY004  it is the text that is wrong
    return tuple(steps)


def at(value: Json, path: Path) -> Json:
    """Return what is at a path, or None."""
    for step in path:
        if is_mapping(value):
            value = value.get(str(step))
        elif is_list(value) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def with_value(value: Json, path: Path, new: Json) -> Json:
    """Return `value` with `new` at a path: keys on the way are made where they are missing; None takes a key away.

    Raises LookupError where the path leads through something else, or beyond the end of a list.
    """
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not is_list(value) or step >= len(value):
            raise LookupError(f"there is no [{step}]")
        return [with_value(one, rest, new) if index == step else one for index, one in enumerate(value)]
    if value is not None and not is_mapping(value):
        raise LookupError(f"there is no {step}")
    below = with_value((value or {}).get(step), rest, new)
    kept = {key: one for key, one in (value or {}).items() if key != step}
    return kept if below is None else {**(value or {}), step: below}
