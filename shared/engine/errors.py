"""What can go wrong on the way to an engine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_LAST_LINES = 3


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A way to an engine that led nowhere. way: what was tried; problem: why it did not work."""

    way: str
    problem: str


class EngineNotFoundError(Exception):
    """There is no usable engine.

    attempts: the three ways in the order in which they were tried, each with its problem; fix: what to do.
    """

    def __init__(self, *, attempts: Sequence[Attempt], fix: str) -> None:
        self.attempts = tuple(attempts)
        self.fix = fix
        lines = [f"  {number}. {tried.way}: {tried.problem}" for number, tried in enumerate(self.attempts, start=1)]
        super().__init__("\n".join(["there is no usable Pulumi engine on this machine:", *lines, f"  {fix}"]))


class CommandError(Exception):
    """A command could not be started, failed, or took too long.

    program: the name of what was run, without its arguments; problem: why, with the last lines it printed.
    """

    def __init__(self, *, program: str, problem: str) -> None:
        self.program = program
        self.problem = problem
        super().__init__(f"{program}: {problem}")


class UnusableError(Exception):
    """A tool or an engine is there and cannot be used. what: which one; problem: why."""

    def __init__(self, *, what: str, problem: str) -> None:
        self.what = what
        self.problem = problem
        super().__init__(f"{what} {problem}")


def last_words(text: str) -> str:
    """Return the last lines of what a command printed as one line, without credentials in addresses."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _CREDENTIALS.sub("[redacted]@", " / ".join(lines[-_LAST_LINES:]))
