"""A lease is ended for a dead owner only."""

from pathlib import Path

import pytest

from shared.lease.errors import LeaseHeldError, LeaseUnreadableError
from shared.lease.record import LeaseRecord, content_of
from shared.lease.timing import Timing
from shared.lease.unlocking import Inquiry, Unlocked, holder_of, unlock
from shared.state_store.store import StateStore
from tests.unit.lease.leases import ELSEWHERE, HERE, NAME, ManualClock, file_store, record, taken


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return file_store(tmp_path)


def asked(
    store: StateStore, manual: ManualClock, *, running: dict[int, int] | None = None
) -> tuple[Unlocked | None, list[tuple[float, LeaseRecord | None]]]:
    watched: list[tuple[float, LeaseRecord | None]] = []
    inquiry = Inquiry(
        environment="prod",
        here=HERE,
        on_watch=lambda seconds, whose: watched.append((seconds, whose)),
        timing=Timing(time_to_live=40),
        clock=manual.clock,
        started=(running or {}).get,
    )
    return unlock(store, inquiry), watched


def test_what_nobody_has_stays_as_it_is(store: StateStore) -> None:
    manual = ManualClock()
    assert asked(store, manual) == (None, [])
    with taken(store, record("one")):
        pass
    assert asked(store, manual) == (None, [])
    assert manual.now == 1000


def test_a_process_of_this_machine_is_known(store: StateStore) -> None:
    manual, mine = ManualClock(), record("one", HERE.model_copy(update={"pid": 7}))
    store.put(NAME, content_of(mine))
    with pytest.raises(LeaseHeldError, match="prod is locked: ada on here"):
        asked(store, manual, running={7: 5})
    assert holder_of(store, "prod") == mine
    assert asked(store, manual) == (Unlocked(record=mine), [])
    assert holder_of(store, "prod") is None
    assert manual.now == 1000
    with taken(store, record("two")) as lease:
        assert [one.owner for one in lease.dead] == [mine.owner], "what it left locked is still to be put right"


def test_a_process_elsewhere_is_watched(store: StateStore) -> None:
    manual, other = ManualClock(), record("one", ELSEWHERE)
    store.put(NAME, content_of(other))
    assert asked(store, manual) == (Unlocked(record=other), [(60, other)])
    assert manual.now == 1060
    assert holder_of(store, "prod") is None


def test_one_that_beats_keeps_it(store: StateStore) -> None:
    other = record("one", ELSEWHERE)
    beaten = other.model_copy(update={"heartbeat": 1})
    manual = ManualClock(on_sleep=lambda now: store.put(NAME, content_of(beaten)) if now == 1030 else None)
    store.put(NAME, content_of(other))
    with pytest.raises(LeaseHeldError):
        asked(store, manual)
    assert manual.now == 1030
    assert holder_of(store, "prod") == beaten


def test_one_that_ends_while_it_is_watched_leaves_nothing_to_unlock(store: StateStore) -> None:
    other = record("one", ELSEWHERE)
    manual = ManualClock(on_sleep=lambda _: store.put(NAME, content_of(other.model_copy(update={"released": True}))))
    store.put(NAME, content_of(other))
    assert asked(store, manual)[0] is None


def test_what_cannot_be_read_is_watched_too(store: StateStore) -> None:
    manual = ManualClock()
    store.put(NAME, b"damaged")
    assert asked(store, manual) == (Unlocked(record=None), [(40, None)])
    assert manual.now == 1040
    with taken(store, record("one")) as lease:
        assert lease.dead == ()


def test_what_cannot_be_read_and_moves_is_left_alone(store: StateStore) -> None:
    manual = ManualClock(on_sleep=lambda now: store.put(NAME, f"damaged {now}".encode()))
    store.put(NAME, b"damaged")
    with pytest.raises(LeaseUnreadableError):
        asked(store, manual)
