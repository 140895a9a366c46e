"""Whose an engine's lock is, where no living run of ours can have made it. Pure."""

import dataclasses
import datetime
from collections.abc import Callable, Iterable
from typing import Literal

from shared.recovery.engine_locks import EngineLock

Verdict = Literal["stale", "finishing", "foreign"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadRun:
    """A run that is known to be dead. host: where it ran; here: whether that is this machine.

    stacks: those that it began to work on, None where that is not known. since: when it began, by the clock of its
    host; None where its stacks are known: nobody had locked them then, and a clock may have been set back meanwhile.
    """

    host: str
    here: bool
    stacks: frozenset[str] | None
    since: datetime.datetime | None = None


def verdict(lock: EngineLock, dead: Iterable[DeadRun], alive: Callable[[int], bool]) -> Verdict:
    """Return whether a lock is left over from a dead run, still needed by its engine, or somebody else's.

    alive: whether a process of this machine is an engine that runs.
    """
    mine = [run for run in dead if _made(run, lock)]
    if not mine:
        return "foreign"
    return "finishing" if any(run.here for run in mine) and alive(lock.pid) else "stale"


def _made(run: DeadRun, lock: EngineLock) -> bool:
    """Return whether the lock was made on the run's machine, on a stack that it began, since it began."""
    if lock.since is None or lock.host != run.host:
        return False
    if run.since is not None and lock.since < run.since:
        return False
    return run.stacks is None or lock.stack in run.stacks
