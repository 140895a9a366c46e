"""Put right what dead runs left behind, for a run that holds the lease of the environment."""

import dataclasses
from collections.abc import Callable, Collection, Sequence

from shared.journal.errors import JournalError
from shared.journal.history import PastRun, last_run
from shared.lease.record import DeadOwner
from shared.lease.this_process import this_process
from shared.orchestration.backend import states
from shared.pending_operations.model import ResolvedOperation
from shared.pending_operations.resolving import Place, pending_operations, resolve
from shared.recovery.dead_runs import dead_runs
from shared.recovery.engine_locks import EngineLock
from shared.recovery.engines import engine_runs
from shared.recovery.locks import Waiting, free
from shared.state_store.store import StateStore


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recovered:
    """What was put right: locks that were freed, pending operations that were resolved."""

    freed: tuple[EngineLock, ...]
    resolved: tuple[ResolvedOperation, ...]


def recover(
    place: Place,
    store: StateStore,
    stacks: Collection[str],
    *,
    dead: Sequence[DeadOwner],
    put_right: Callable[[], None],
    say: Callable[[str], None],
) -> Recovered:
    """Free what dead runs left locked in an environment, and resolve what they left half done.

    store: beside the state. stacks: those that are to be worked on: none of them may be locked by anybody else.
    dead: owners of the lease that died, and of which nobody has freed yet what they left locked; put_right: is called
    when that is done, as a lock that is made later is not theirs.
    Raises EngineLockedError, PendingOperationError, StateStoreError, BackendError.
    """
    last = _last(store, place.environment.name, say)
    runs = tuple(dead_runs(last, dead, this_process()))
    waiting = Waiting(alive=engine_runs(place.engine.path), say=say)
    locks = free(place.session, stacks, runs, waiting, put_right=put_right)
    for lock in locks.freed:
        say(f"{lock.stack} was still locked by {lock.owner}, the engine of a run that died: freed")
    checkpoints = states(place.session)
    mine = sorted(checkpoints.keys() - {lock.stack for lock in locks.others})
    pending = pending_operations(checkpoints, mine)
    if not pending:
        return Recovered(freed=locks.freed, resolved=())
    say(f"{len(pending)} operations that a run left half done: finding out how far they came ...")
    resolved = resolve(place, sorted({one.stack for one in pending}))
    for one in resolved:
        say(one.sentence)
    return Recovered(freed=locks.freed, resolved=resolved)


def _last(store: StateStore, environment: str, say: Callable[[str], None]) -> PastRun | None:
    try:
        return last_run(store, environment)
    except JournalError as error:  # nothing is known of that run then, and so no lock counts as its own
        say(str(error))
        return None
