"""A machine that refuses every command that the test did not announce."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.engine.errors import CommandError
from shared.engine.machine import Beat, Command

Act = Callable[[Command], str]


class FakeMachine:
    """Programs that exist are in `programs`; what they do is announced. commands: all that ran, in order."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.python = folder / "venv" / "bin" / "python"
        self.programs: dict[str, Path] = {}
        self.beside_python: dict[str, Path] = {}
        self.commands: list[Command] = []
        self.time = 0.0
        self._announced: list[tuple[tuple[str, ...], Act]] = []

    def announce(self, *words: str, act: Act) -> None:
        """Let a command that begins with these words, its program by file name only, do `act`; the last one counts."""
        self._announced.insert(0, (words, act))

    def now(self) -> float:
        return self.time

    def run(self, command: Command, beat: Beat) -> str:
        words = (Path(command.arguments[0]).name, *command.arguments[1:])
        self.commands.append(command)
        for announced, act in self._announced:
            if words[: len(announced)] == announced:
                beat(0.0)
                return act(command)
        pytest.fail(f"nobody announced {' '.join(words)}")

    def which(self, name: str, *, folder: Path | None = None) -> Path | None:
        if folder is None:
            return self.programs.get(name)
        assert folder == self.python.parent
        return self.beside_python.get(name)

    def ran(self) -> list[str]:
        """The commands so far, as lines with the program's file name."""
        return [" ".join((Path(c.arguments[0]).name, *c.arguments[1:])) for c in self.commands]


def says(text: str) -> Act:
    return lambda _command: text


def fails(problem: str = "ended with code 1: broken") -> Act:
    def act(command: Command) -> str:
        raise CommandError(program=Path(command.arguments[0]).name, problem=problem)

    return act


def answers_its_content(command: Command) -> str:
    """An engine whose file holds the version that it prints; a broken one holds something else."""
    text = Path(command.arguments[0]).read_text()
    if not text.startswith("v"):
        raise CommandError(program="pulumi", problem="ended with code 2: broken")
    return text
