"""What a planned deployment would take from the stacks that read from it: outputs removed, retyped or laid bare."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.absent import ABSENT
from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN

Outputs = Mapping[str, Any]

_KINDS = {str: "text", bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "a map"}


def broken_outputs(deployed: Outputs, planned: Outputs, readers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return one sentence per output that stacks read and could not read any more, or not as before.

    readers: by output, who reads it, as "stack (file:line)". An output that nobody reads may change as it likes.
    """
    return tuple(
        f"{problem}, and {_and(readers[name])} {'reads' if len(readers[name]) == 1 else 'read'} it; {remedy}"
        for name in sorted(readers)
        for problem, remedy in _problems(name, deployed, planned)
    )


def _problems(name: str, deployed: Outputs, planned: Outputs) -> Iterator[tuple[str, str]]:
    if name not in planned:
        if name in deployed:
            yield f"output {name} is not published any more{_renamed(name, deployed, planned)}", _KEEP
        return
    if name not in deployed:
        return
    before, after = deployed[name], planned[name]
    if _is_secret(before) and not _is_secret(after) and after != UNKNOWN:
        yield f"output {name} was a secret and would be published in clear", "declare it secret again"
    elif (kinds := (_kind(before), _kind(after))) and None not in kinds and kinds[0] != kinds[1]:
        yield f"output {name} was {kinds[0]} and would be {kinds[1]}", _NEW_NAME


_KEEP = "publish it as before, or take it out of the readers first"
_NEW_NAME = "publish the new one under another name, move the readers to it, and take this one away then"


def _renamed(name: str, deployed: Outputs, planned: Outputs) -> str:
    """Return a guess at its new name: one that is new, and has its value."""
    new = [other for other in planned if other not in deployed and planned[other] == deployed[name] != UNKNOWN]
    return f" (is it {new[0]} now?)" if len(new) == 1 else ""


def _kind(value: Any) -> str | None:
    if value is None or value in (UNKNOWN, ABSENT) or _is_secret(value):
        return None
    return _KINDS.get(type(value))


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and SIGNATURE in value


def _and(places: tuple[str, ...]) -> str:
    return places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"
