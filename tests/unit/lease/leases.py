"""Records, clocks and stores for the tests of the lease."""

import dataclasses
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from shared.lease.lease import Lease
from shared.lease.record import LeaseRecord, Owner
from shared.lease.taking import Attempt, take
from shared.lease.timing import Clock, Timing
from shared.state_store.opening import open_store
from shared.state_store.store import StateStore

HERE = Owner(
    user="ada",
    host="here",
    pid=100,
    started=5,
    machine="machine-1",
    boot="boot-1",
    processes="pid:[1]",
)
ELSEWHERE = HERE.model_copy(update={"user": "bob", "host": "elsewhere", "machine": "machine-2", "boot": "boot-2"})
NAME = "leases/prod.json"


def record(holder: str, owner: Owner = HERE, **fields: object) -> LeaseRecord:
    return LeaseRecord(
        environment="prod",
        holder=holder,
        owner=owner,
        command="deploy",
        run="run-1",
        since="2026-11-21T17:00:00Z",
        time_to_live=60,
    ).model_copy(update=fields)


@dataclasses.dataclass
class ManualClock:
    """Seconds that pass only in sleep. on_sleep: what happens elsewhere in the meantime."""

    now: float = 1000.0
    on_sleep: Callable[[float], None] = lambda _: None

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.on_sleep(self.now)

    @property
    def clock(self) -> Clock:
        return Clock(awake=lambda: self.now, always=lambda: self.now, sleep=self.sleep)


@dataclasses.dataclass
class Heard:
    """Who is waited for."""

    records: list[LeaseRecord] = dataclasses.field(default_factory=list[LeaseRecord])

    def __call__(self, other: LeaseRecord) -> None:
        self.records.append(other)


def file_store(folder: Path) -> StateStore:
    return open_store(f"file://{folder}")


@contextmanager
def taken(
    store: StateStore,
    wanted: LeaseRecord,
    *,
    wait: float = 0,
    manual: ManualClock | None = None,
    heard: Heard | None = None,
    running: Callable[[int], int | None] = lambda _: None,
    timing: Timing | None = None,
) -> Generator[Lease]:
    """Yield a lease that beats only if `timing` says so, and give it back."""
    attempt = Attempt(
        record=wanted,
        wait=wait,
        on_wait=heard or Heard(),
        timing=timing or Timing(heartbeat=3600, time_to_live=7200, poll=1),
        clock=(manual or ManualClock()).clock,
        started=running,
    )
    lease = take(store, attempt)
    try:
        yield lease
    finally:
        lease.release()
