"""What the search for an engine needs of the machine: all its effects, apart from the files in the cache folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Beat = Callable[[float], None]
"""Called now and then while something takes long, with the seconds since it began."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A program to run. limit: the seconds after which it is ended; folder: its working folder, None for ours."""

    arguments: tuple[str, ...]
    limit: float
    folder: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


class Machine(Protocol):
    """The effects."""

    @property
    def cache(self) -> Path:
        """Folder for engines, outside the work tree; need not exist yet."""
        ...

    @property
    def python(self) -> Path:
        """The Python that runs this program, with the project's dependencies."""
        ...

    def now(self) -> float:
        """Return the seconds of a clock that never goes backwards."""
        ...

    def run(self, command: Command, beat: Beat) -> str:
        """Run a command to its end and return its standard output. Raises CommandError."""
        ...

    def which(self, name: str, *, folder: Path | None = None) -> Path | None:
        """Return the absolute path of a program on PATH, or in `folder` only; None where it is not there."""
        ...
