"""Make the status of an environment from what its backend holds. Pure."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from shared.journal.history import PastRun
from shared.journal.model import State
from shared.lease.liveness import Liveness
from shared.lease.record import LeaseRecord
from shared.pending_operations.resolving import pending_operations
from shared.recovery.engine_locks import EngineLock
from shared.status.model import (
    SCHEMA_VERSION,
    LeaseStatus,
    LockStatus,
    PendingStatus,
    ReferenceStatus,
    RunStatus,
    StackStatus,
    Status,
)
from shared.status.references import Reads, stale_references


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """What the backend of an environment holds. lease: None while nobody works on it; alive: its owner."""

    environment: str
    last_run: PastRun | None
    lease: LeaseRecord | None
    alive: Liveness
    locks: tuple[EngineLock, ...]
    checkpoints: Mapping[str, Mapping[str, Any]]


def status_of(found: Found, reads: Reads) -> Status:
    """Return the status. reads: see shared.status.references."""
    pending = pending_operations(found.checkpoints, sorted(found.checkpoints))
    return Status(
        schema_version=SCHEMA_VERSION,
        environment=found.environment,
        last_run=_run(found, found.last_run) if found.last_run else None,
        lease=_lease(found.lease, found.alive) if found.lease else None,
        locks=tuple(LockStatus(stack=one.stack, owner=one.owner, since=one.began) for one in found.locks),
        stale=tuple(ReferenceStatus(**dataclasses.asdict(one)) for one in stale_references(found.checkpoints, reads)),
        pending=tuple(PendingStatus(stack=one.stack, urn=one.urn, operation=one.operation) for one in pending),
    )


def _run(found: Found, run: PastRun) -> RunStatus:
    record, ending = run.record, run.ending
    # Of an owner on another machine it is not known whether it lives: while its lease is there, it counts as alive.
    running = not ending and found.lease is not None and found.lease.run == record.run and found.alive != "dead"
    states: dict[str, State] = {**record.settled, **{stack: one.state for stack, one in run.last.items()}}
    return RunStatus(
        run=record.run,
        command=record.command,
        doing=record.doing,
        owner=str(record.owner),
        commit=record.commit,
        started=record.started,
        ended=ending.time if ending else None,
        state=ending.result if ending else "running" if running else "never ended",
        continues=record.continues,
        resumable=not running and not run.ended_well,
        stacks=tuple(StackStatus(name=stack, state=states.get(stack, "not begun")) for stack in record.stacks),
    )


def _lease(lease: LeaseRecord, alive: Liveness) -> LeaseStatus:
    return LeaseStatus(owner=str(lease.owner), command=lease.command, run=lease.run, since=lease.since, alive=alive)
