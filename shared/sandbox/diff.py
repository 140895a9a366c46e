"""What changed between two sets of inputs, as the engine wants to hear it."""

import dataclasses
from collections.abc import Iterator

from shared.sandbox.model import ResourceModel
from shared.sandbox.wire import Json, Properties, is_list, is_mapping


@dataclasses.dataclass(frozen=True)
class Change:
    """One changed property. path: dotted, with list indexes in brackets; kind: add, update or delete."""

    path: str
    kind: str
    replaces: bool


def changes(model: ResourceModel, old: Properties, new: Properties) -> list[Change]:
    """Return the changed properties between old and new inputs (secrets hashed), sorted by path."""
    found = _differences("", old, new)
    return [Change(path, kind, _replaces(model, path)) for path, kind in sorted(found)]


def _differences(path: str, old: Json, new: Json) -> Iterator[tuple[str, str]]:
    if is_mapping(old) and is_mapping(new):
        for key in {*old, *new}:
            below = f"{path}.{key}" if path else key
            if key not in new:
                yield below, "delete"
            elif key not in old:
                yield below, "add"
            else:
                yield from _differences(below, old[key], new[key])
    elif is_list(old) and is_list(new) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}[{index}]", one, other)
    elif old != new:
        yield path, "update"


def _replaces(model: ResourceModel, path: str) -> bool:
    plain = path.replace("[", ".[")
    return any(plain == trigger or plain.startswith(trigger + ".") for trigger in model.replace_on)
