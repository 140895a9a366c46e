"""Free the stacks that a dead run left locked; never those that anybody else locked."""

import dataclasses
import time
from collections.abc import Callable, Collection, Iterable
from typing import Final

from shared.orchestration.session import Session
from shared.recovery.engine_locks import EngineLock, engine_locks, engine_store
from shared.recovery.errors import EngineLockedError
from shared.recovery.verdict import DeadRun, verdict

PATIENCE: Final = 90.0
"""Seconds that an engine of a dead run may take to finish: it is made to end in half of that."""

_POLL: Final = 0.2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waiting:
    """How to wait. patience: seconds; alive: whether a process of this machine is an engine that runs."""

    alive: Callable[[int], bool]
    say: Callable[[str], None]
    patience: float = PATIENCE
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclasses.dataclass(frozen=True, kw_only=True)
class Locks:
    """freed: locks that dead runs left and that are no more. others: those of somebody else."""

    freed: tuple[EngineLock, ...]
    others: tuple[EngineLock, ...]


def free(
    session: Session,
    stacks: Collection[str],
    dead: Iterable[DeadRun],
    waiting: Waiting,
    *,
    put_right: Callable[[], None] = lambda: None,
) -> Locks:
    """Wait for engines of dead runs that are still finishing, delete what they left locked, and return that.

    put_right: is called once nothing of them is locked any more. Raises EngineLockedError for an engine that does not
    end, with nothing deleted, and, only then, where one of `stacks` is locked by anybody else; StateStoreError.
    """
    store, environment, runs = engine_store(session), session.environment.name, tuple(dead)
    end, said = waiting.clock() + waiting.patience, False
    while True:
        judged = [(lock, verdict(lock, runs, waiting.alive)) for lock in engine_locks(store, environment)]
        finishing = [lock for lock, found in judged if found == "finishing"]
        if not finishing:
            break
        if waiting.clock() > end:
            raise _endless(environment, finishing[0])
        if not said:
            waiting.say(f"waiting for the engine of a run that died: it still finishes {finishing[0].stack} ...")
            said = True
        waiting.sleep(_POLL)
    stale = tuple(lock for lock, found in judged if found == "stale")
    for lock in stale:
        store.delete(lock.name)
    put_right()
    others = tuple(lock for lock, found in judged if found == "foreign")
    for lock in (lock for lock in others if lock.stack in stacks):
        raise _foreign(environment, lock)
    return Locks(freed=stale, others=others)


def _foreign(environment: str, lock: EngineLock) -> EngineLockedError:
    fix = (
        "no run of ours that died made this lock: wait until that has ended, or, if it is dead, "
        f"run pulumi cancel --stack {environment} in stacks/{lock.stack}"
    )
    return EngineLockedError(environment=environment, stack=lock.stack, owner=lock.owner, since=lock.began, fix=fix)


def _endless(environment: str, lock: EngineLock) -> EngineLockedError:
    fix = f"it is the engine of a run that died and does not end: end process {lock.pid}, then run the command again"
    return EngineLockedError(environment=environment, stack=lock.stack, owner=lock.owner, since=lock.began, fix=fix)
