"""Which line of a program made a resource: the state has the stack trace of every registration."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shared.policy.json_value import Json, is_mapping

_POSITION = re.compile(r"project:///(?P<file>.+)#(?P<line>\d+)")


def place_of(resource: Json, *, work: Path, roots: Sequence[Path]) -> str:
    """Return "stacks/a/b.py:12": the innermost line of a stack's program, else the innermost of the repository.

    resource: as a checkpoint has it; work: the folder that the engine ran in, which positions are relative to; roots:
    the repository, and copies of it that programs ran from. Empty where no line is in any of them.
    """
    lines = list(_lines(_positions(resource), work, roots))
    programs = [line for line in lines if line.startswith("stacks/")]
    return next(iter([*programs, *lines]), "")


def _positions(resource: Json) -> Iterator[str]:
    if isinstance(position := resource.get("sourcePosition"), str):
        yield position
    for frame in resource.get("stackTrace") or []:
        if is_mapping(frame) and isinstance(position := frame.get("sourcePosition"), str):
            yield position


def _lines(positions: Iterable[str], work: Path, roots: Sequence[Path]) -> Iterator[str]:
    for position in positions:
        if match := _POSITION.fullmatch(position):
            # Not resolved: the engine counted the dots upwards from the path as it was, links included.
            file = Path(os.path.normpath(work / match["file"]))
            if root := next((one for one in roots if file.is_relative_to(one)), None):
                yield f"{file.relative_to(root).as_posix()}:{match['line']}"
