"""Take a lease from a dead owner, for nobody."""

import dataclasses
from collections.abc import Callable

from shared.lease.errors import LeaseUnreadableError
from shared.lease.liveness import Liveness, liveness
from shared.lease.record import LeaseRecord, Owner, content_of, dead_of, object_name, record_of
from shared.lease.taking import held_by
from shared.lease.this_process import started
from shared.lease.timing import Clock, Timing
from shared.lease.watch import Watch
from shared.state_store.store import StateStore

_ALIVE = "it is alive: wait until it has ended, or end that process first"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inquiry:
    """How it is found out whether an owner lives.

    here: the process that asks; on_watch: hears for how many seconds a lease is watched, and whose it is, None where
    that cannot be read.
    """

    environment: str
    here: Owner
    on_watch: Callable[[float, LeaseRecord | None], None]
    timing: Timing = dataclasses.field(default_factory=Timing)
    clock: Clock = dataclasses.field(default_factory=Clock)
    started: Callable[[int], int | None] = started


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unlocked:
    """A lease was ended. record: whose it was, None where that could not be read."""

    record: LeaseRecord | None


def holder_of(store: StateStore, environment: str) -> LeaseRecord | None:
    """Return who has the lease of an environment, dead or alive; None where nobody has.

    Raises LeaseUnreadableError, StateStoreError.
    """
    content = store.get(object_name(environment))
    record = record_of(environment, content) if content is not None else None
    return None if record is None or record.released else record


def unlock(store: StateStore, inquiry: Inquiry) -> Unlocked | None:
    """End the lease of a dead owner, and return what was ended; None where nothing was locked.

    Of an owner on another machine, and of a lease that cannot be read, it is watched for a time to live whether it
    moves. Raises LeaseHeldError where the owner lives, LeaseUnreadableError where what cannot be read moves,
    StateStoreError.
    """
    environment, clock = inquiry.environment, inquiry.clock
    watch, first = Watch(), ""
    while True:
        asked = clock.awake()
        found = store.get_versioned(object_name(environment))
        if found is None:
            return None
        record = _read(environment, found.content)
        if record and record.released:
            return None
        judged: Liveness = liveness(record.owner, inquiry.here, inquiry.started) if record else "unknown"
        if judged == "alive" or (first and found.version != first):
            raise held_by(record, fix=_ALIVE) if record else _unreadable(environment)
        limit = record.time_to_live if record else inquiry.timing.time_to_live
        unmoved = watch.unmoved(found.version, asked=asked, answered=clock.awake())
        if judged == "dead" or unmoved >= limit:
            if store.replace(object_name(environment), _ended(inquiry, record), found.version):
                return Unlocked(record=record)
            continue
        if not first:
            first = found.version
            inquiry.on_watch(limit, record)
        clock.sleep(inquiry.timing.poll)


def _read(environment: str, content: bytes) -> LeaseRecord | None:
    try:
        return record_of(environment, content)
    except LeaseUnreadableError:
        return None


def _unreadable(environment: str) -> LeaseUnreadableError:
    return LeaseUnreadableError(environment=environment, object_name=object_name(environment))


def _ended(inquiry: Inquiry, record: LeaseRecord | None) -> bytes:
    """Return a record that says that nobody has the lease."""
    if record:
        return content_of(record.model_copy(update={"released": True, "dead": dead_of(record)}))
    return content_of(
        LeaseRecord(
            environment=inquiry.environment,
            holder="nobody",
            owner=inquiry.here,
            command="unlock",
            run="none",
            since="1970-01-01T00:00:00Z",
            time_to_live=inquiry.timing.time_to_live,
            released=True,
        )
    )
