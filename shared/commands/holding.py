"""Hold an environment: one writer at a time, before its state is looked at and until the work has ended."""

import dataclasses
import datetime
import secrets
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from shared.commands.arguments import Options
from shared.commands.ready import Ready, say, with_state
from shared.environment import Environment
from shared.lease.lease import Lease
from shared.lease.record import LeaseRecord, doing
from shared.lease.taking import Attempt, take
from shared.lease.this_process import this_process
from shared.lease.timing import Timing
from shared.orchestration.session import Session
from shared.recovery.recovering import recover
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.store import StateStore


@dataclasses.dataclass(frozen=True, kw_only=True)
class Held:
    """An environment that only this run works on. prepared: with the state as it has been since the lease was taken."""

    prepared: Ready
    lease: Lease


@contextmanager
def held(prepared: Ready, options: Options, command: str, *, timing: Timing | None = None) -> Generator[Held]:
    """Yield the environment of `prepared`, held until the block ends, with what dead runs left behind put right.

    Raises LeaseHeldError, LeaseUnreadableError, EngineLockedError, PendingOperationError, StateStoreError,
    BackendError.
    """
    with leased(prepared.session, options, command, timing=timing) as lease:
        store = beside_state(prepared.session)
        recover(prepared, store, prepared.selected, dead=lease.dead, put_right=lease.put_right, say=say)
        yield Held(prepared=with_state(dataclasses.replace(prepared, lease=lease)), lease=lease)


@contextmanager
def leased(session: Session, options: Options, command: str, *, timing: Timing | None = None) -> Generator[Lease]:
    """Yield the lease of a session's environment. Raises LeaseHeldError, LeaseUnreadableError, StateStoreError."""
    wait = options.seconds_to_wait()
    timing = timing or Timing()
    store = beside_state(session)
    record = _record(session.environment, command, timing)
    with _terminated_like_interrupted():
        lease = take(store, Attempt(record=record, wait=wait, on_wait=_waiting_for, timing=timing))
        try:
            yield lease
        finally:
            _release(lease)


def beside_state(session: Session) -> StateStore:
    """Return the store beside the state of a session's environment. Raises StateStoreError."""
    subscription = str(session.environment.azure.subscription_id or "")
    return open_store(session.variables["PULUMI_BACKEND_URL"], subscription=subscription)


def _record(environment: Environment, command: str, timing: Timing) -> LeaseRecord:
    return LeaseRecord(
        environment=environment.name,
        holder=secrets.token_hex(16),
        owner=this_process(),
        command=command,
        run="",
        since=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        time_to_live=timing.time_to_live,
    )


def _waiting_for(other: LeaseRecord) -> None:
    say(f"waiting for {other.owner}, at {doing(other)} ...")


def _release(lease: Lease) -> None:
    try:
        lease.release()
    except StateStoreError as error:
        seconds = lease.record.time_to_live
        say(f"the lease could not be given back, so the next run may wait up to {seconds:.0f} s: {error}")


@contextmanager
def _terminated_like_interrupted() -> Generator[None]:
    """Let SIGTERM do what Ctrl-C does, so that the lease is given back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
