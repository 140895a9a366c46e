"""Take the lease of an environment, after waiting for whoever has it."""

import dataclasses
from collections.abc import Callable

from shared.lease.errors import LeaseHeldError
from shared.lease.lease import Lease
from shared.lease.liveness import Liveness, liveness
from shared.lease.record import LeaseRecord, content_of, dead_of, object_name, record_of
from shared.lease.this_process import started
from shared.lease.timing import Clock, Timing
from shared.lease.watch import Watch
from shared.state_store.store import StateStore, Versioned


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attempt:
    """How a lease is to be taken. wait: seconds to wait for its owner; on_wait: hears, once, who that is."""

    record: LeaseRecord
    wait: float
    on_wait: Callable[[LeaseRecord], None]
    timing: Timing = dataclasses.field(default_factory=Timing)
    clock: Clock = dataclasses.field(default_factory=Clock)
    started: Callable[[int], int | None] = started

    def judged(self, other: LeaseRecord) -> Liveness:
        """Return whether the owner of another record lives, as far as this process can tell at once."""
        return liveness(other.owner, self.record.owner, self.started)


def take(store: StateStore, attempt: Attempt) -> Lease:
    """Take the lease of an environment.

    Of several who try at the same moment, one gets it. An owner is dead whose process is gone, where that was one of
    this machine, or whose lease did not move for its time to live. Raises LeaseHeldError, LeaseUnreadableError,
    StateStoreError.
    """
    environment, clock = attempt.record.environment, attempt.clock
    watch, deadline, told = Watch(), clock.awake() + attempt.wait, False
    began = 0.0
    while True:
        asked = clock.awake()
        found = store.get_versioned(object_name(environment))
        current = record_of(environment, found.content) if found else None
        if current and current.holder == attempt.record.holder:  # written in a request whose answer was lost
            return _taken(store, attempt, current, began)
        unmoved = watch.unmoved(found.version, asked=asked, answered=clock.awake()) if found else 0.0
        if current is None or _free(attempt, current, unmoved):
            began = clock.always()
            mine = attempt.record.model_copy(update={"dead": dead_of(current) if current else ()})
            if _written(store, mine, found):
                return _taken(store, attempt, mine, began)
            continue
        if not told and attempt.wait > 0:
            attempt.on_wait(current)
            told = True
        left = deadline - clock.awake()
        if left <= 0:
            raise held_by(current)
        clock.sleep(min(attempt.timing.poll, left))


def _taken(store: StateStore, attempt: Attempt, record: LeaseRecord, began: float) -> Lease:
    return Lease(store, record, taken=began, timing=attempt.timing, clock=attempt.clock)


def held_by(record: LeaseRecord, *, fix: str = "") -> LeaseHeldError:
    """Return the error that says who has a lease. fix: what to do, where that is not to wait for it."""
    waiting = f"wait for it with --wait SECONDS; where its owner is dead, run unlock --env {record.environment}"
    return LeaseHeldError(
        environment=record.environment,
        owner=str(record.owner),
        since=record.since,
        command=record.command,
        run=record.run,
        fix=fix or waiting,
    )


def _free(attempt: Attempt, current: LeaseRecord, unmoved: float) -> bool:
    if current.released:
        return True
    judged = attempt.judged(current)
    return judged == "dead" or (judged == "unknown" and unmoved >= current.time_to_live)


def _written(store: StateStore, record: LeaseRecord, found: Versioned | None) -> bool:
    name, content = object_name(record.environment), content_of(record)
    return store.replace(name, content, found.version) if found else store.create(name, content)
