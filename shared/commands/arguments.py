"""The flags that commands have in common, checked."""

import dataclasses
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from shared.environment import Environment, environment_names, load
from shared.environment.loading import REPOSITORY

_WAIT: Final = 90  # seconds: longer than it takes until a dead owner on another machine is known to be dead


class UsageError(Exception):
    """A flag is missing or wrong. flag: which; problem and fix: sentences."""

    def __init__(self, *, flag: str, problem: str, fix: str) -> None:
        self.flag = flag
        self.problem = problem
        self.fix = fix
        super().__init__(f"{flag}: {problem}; {fix}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """The flags of all commands, as they were typed; empty where they were not."""

    env: str = ""
    stacks: str | None = None
    state: str = ""
    parallel: str = ""
    json: bool = False
    yes: bool = False
    verbose: bool = False
    format: str = "text"
    only: str = ""
    slow: bool = False
    action: str = ""
    key: str = ""
    stack: str = ""
    resource_id: str = ""
    resource_type: str = ""
    resource_name: str = ""
    assignment: str = ""
    confirm: str = ""
    keep: str = ""
    save: str = ""
    plan: str = ""
    all: bool = False
    diff: bool = False
    repeat: str = ""
    full: bool = False
    since: str = ""
    wait: str = ""
    html: str = ""
    junit: str = ""
    time_limit: str = ""
    fix: bool = False
    accept: bool = False
    root: Path = REPOSITORY

    def environment(self) -> Environment:
        """Return the environment that is meant. Raises UsageError, EnvironmentFileError."""
        if not self.env:
            names = ", ".join(environment_names(self.root))
            raise UsageError(flag="--env", problem="is missing", fix=f"use one of {names}")
        return load(self.env, self.root)

    def stack_names(self) -> tuple[str, ...]:
        """Return the stacks that were named; none means all. Raises UsageError for a list that names nobody."""
        if self.stacks is None:
            return ()
        names = tuple(name.strip() for name in self.stacks.split(",") if name.strip())
        if not names:
            raise UsageError(flag="--stacks", problem="names no stack", fix="leave it out to mean all of them")
        return names

    def confirmed(self) -> frozenset[str]:
        """Return the names of resources that may be lost."""
        return frozenset(name.strip() for name in self.confirm.split(",") if name.strip())

    def state_folder(self) -> Path:
        """Return the folder in which the sandbox keeps its things, relative to where the command was typed."""
        if not self.state:
            return self.root / ".sandbox"
        return from_here(self.state)

    def workers(self, default: Callable[[], int]) -> int:
        """Return how many stacks may run side by side. Raises UsageError."""
        if not self.parallel:
            return default()
        return _whole("--parallel", self.parallel, least=1, fix="give the number of stacks to run side by side")

    def seconds_per_resource(self, default: float) -> float:
        """Return how many seconds one resource may take. Raises UsageError."""
        if not self.time_limit:
            return default
        try:
            seconds = float(self.time_limit)
        except ValueError:
            seconds = 0.0
        if not (math.isfinite(seconds) and seconds > 0):
            problem = f"{self.time_limit!r} is not a number of seconds above 0"
            raise UsageError(flag="--time-limit", problem=problem, fix="give the seconds that one resource may take")
        return seconds

    def seconds_to_wait(self) -> int:
        """Return how long to wait for whoever works on the environment. Raises UsageError."""
        if not self.wait:
            return _WAIT
        return _whole("--wait", self.wait, least=0, fix="give the seconds to wait for who works on the environment")


def _whole(flag: str, value: str, *, least: int, fix: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise UsageError(flag=flag, problem=f"{value!r} is not a whole number of at least {least}", fix=fix)
    return int(value)


def from_here(path: str) -> Path:
    """Return a path as it was typed, relative to where the command was typed."""
    # ./inv goes to the repository's root before it becomes Invoke, and says where it came from.
    return Path(os.environ.get("INV_STARTED_IN", Path.cwd())) / path
