"""Show how an environment is: the last run, who works on it, what is stale or half done."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from shared.affected.errors import ProgramError
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree
from shared.commands.arguments import Options
from shared.commands.holding import beside_state
from shared.commands.ready import session_of
from shared.commands.standard_output import put
from shared.journal.history import last_run
from shared.lease.liveness import liveness
from shared.lease.record import LeaseRecord, object_name, record_of
from shared.lease.this_process import started, this_process
from shared.orchestration.backend import states
from shared.orchestration.definitions import discover
from shared.orchestration.session import Session
from shared.recovery.engine_locks import engine_locks, engine_store
from shared.state_store.store import StateStore
from shared.status.build import Found, status_of
from shared.status.text import status_lines


def status(options: Options) -> int:
    """Print the status, from the state backend alone. Returns the exit code.

    Raises JournalError, LeaseUnreadableError, StateStoreError, BackendError.
    """
    environment = options.environment()
    with session_of(options, environment, clouds=False, looks=True) as session:
        found = status_of(_found(session), _reads(options.root))
    if options.json:
        put(found.model_dump_json() + "\n")
    else:
        put("".join(f"{line}\n" for line in status_lines(found)))
    return 0


def _found(session: Session) -> Found:
    name, store = session.environment.name, beside_state(session)
    lease = _lease(store, name)
    return Found(
        environment=name,
        last_run=last_run(store, name),
        lease=lease,
        alive=liveness(lease.owner, this_process(), started) if lease else "unknown",
        locks=engine_locks(engine_store(session), name),
        checkpoints=states(session),
    )


def _lease(store: StateStore, environment: str) -> LeaseRecord | None:
    found = store.get_versioned(object_name(environment))
    record = record_of(environment, found.content) if found else None
    return None if record is None or record.released else record


def _reads(root: Path) -> Callable[[str, str], Collection[str] | None]:
    """Return what tells which outputs the program of a stack reads, as it is in this work tree."""
    contracts: Mapping[str, str] = {one.name: one.publishes for one in discover(root)}
    snapshot = Snapshot(WorkTree(root))

    def reads(stack: str, upstream: str) -> Collection[str] | None:
        if stack not in contracts or upstream not in contracts:
            return None
        try:
            return {read.field for read in snapshot.contract_reads(stack) if read.contract == contracts[upstream]}
        except ProgramError:
            return None

    return reads
