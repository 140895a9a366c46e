"""A lease that is held beats, and knows when it is lost before anybody else may have it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.lease.lease import Lease
from shared.lease.record import content_of
from shared.lease.timing import Clock, Timing
from shared.lease.unlocking import holder_of
from shared.lease.watch import Watch
from shared.state_store.errors import StateStoreError
from shared.state_store.store import StateStore
from tests.unit.lease.leases import ELSEWHERE, NAME, ManualClock, file_store, record, taken
from tests.unit.lease.waiting import until

QUICK = Timing(heartbeat=0.02, time_to_live=1000, poll=0.02)


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return file_store(tmp_path)


def beats(store: StateStore) -> int:
    found = holder_of(store, "prod")
    return found.heartbeat if found else -1


def test_it_beats_while_it_is_held(store: StateStore) -> None:
    with taken(store, record("one"), timing=QUICK) as lease:
        until(lambda: beats(store) >= 3)
        assert not lease.lost
        assert lease.record.heartbeat >= 2
    assert holder_of(store, "prod") is None
    before = store.get(NAME)
    with taken(store, record("two"), timing=QUICK):
        pass
    assert store.get(NAME) != before


def test_it_says_which_run_it_is_for(store: StateStore) -> None:
    with taken(store, record("one", run="")) as lease:
        lease.runs("run-7")
        found = holder_of(store, "prod")
        assert found
        assert (found.run, found.heartbeat) == ("run-7", 1)
        assert not lease.lost


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            lambda store: store.put(NAME, content_of(record("two", ELSEWHERE, command="destroy"))),
            "the lease of prod was lost: bob on elsewhere (process 100) took it for destroy",
        ),
        (
            lambda store: store.put(NAME, content_of(record("one", released=True))),
            "the lease of prod was lost: somebody unlocked it",
        ),
        (lambda store: store.delete(NAME), "the lease of prod was deleted"),
        (lambda store: store.put(NAME, b"{"), "the lease of prod was overwritten with what cannot be read"),
    ],
)
def test_one_that_somebody_else_has_is_lost(
    store: StateStore, spoil: Callable[[StateStore], None], reason: str
) -> None:
    with taken(store, record("one"), timing=QUICK) as lease:
        spoil(store)
        after = store.get(NAME)
        until(lambda: lease.lost)
        assert lease.lost == reason
    assert store.get(NAME) == after  # given back is only one's own


def test_one_that_cannot_be_renewed_is_lost_before_its_time_to_live_is_over(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = ManualClock()
    timing = Timing(heartbeat=15, time_to_live=60)
    lease = Lease(store, record("one"), taken=manual.now, timing=timing, clock=manual.clock)
    manual.now += 44.9
    assert not lease.lost
    manual.now += 0.1
    assert lease.lost == "the lease of prod could not be renewed for 45 s"
    manual.now -= 45
    assert lease.lost  # once lost, always lost


def test_a_backend_that_does_not_answer_is_why_it_is_lost(store: StateStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def gone(_: StateStore, name: str) -> None:
        asked.append(name)
        raise StateStoreError(backend="s3://state", problem="connection refused")

    manual = ManualClock()
    with taken(store, record("one"), manual=manual, timing=QUICK) as lease:
        with monkeypatch.context() as patched:
            patched.setattr(StateStore, "get_versioned", gone)
            until(lambda: len(asked) >= 3)
            assert not lease.lost
            manual.now += 1000
            assert lease.lost == "the lease of prod could not be renewed for 1000 s (connection refused)"
        until(lambda: beats(store) >= 1)  # it goes on to beat, so that nobody begins while this one ends


def test_a_backend_that_answers_again_in_time_loses_nothing(store: StateStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def gone(_: StateStore, name: str) -> None:
        asked.append(name)
        raise StateStoreError(backend="s3://state", problem="connection refused")

    manual = ManualClock()
    with taken(store, record("one"), manual=manual, timing=QUICK) as lease:
        with monkeypatch.context() as patched:
            patched.setattr(StateStore, "get_versioned", gone)
            until(lambda: len(asked) >= 3)
            manual.now += 900
        until(lambda: beats(store) >= 2)
        manual.now += 900
        assert not lease.lost


def test_a_heartbeat_whose_answer_was_lost_is_written_again(store: StateStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real = StateStore.replace

    def lossy(self: StateStore, name: str, content: bytes, version: str) -> bool:
        real(self, name, content, version)
        return False

    with taken(store, record("one"), timing=QUICK) as lease:
        with monkeypatch.context() as patched:
            patched.setattr(StateStore, "replace", lossy)
            until(lambda: beats(store) >= 4)
        assert not lease.lost


def test_giving_back_what_the_backend_does_not_take_is_an_error(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: StateStore, name: str) -> None:
        raise StateStoreError(backend="s3://state", problem="connection refused")

    lease = Lease(store, record("one"), taken=0.0, timing=Timing(heartbeat=3600), clock=ManualClock().clock)
    monkeypatch.setattr(StateStore, "get_versioned", gone)
    with pytest.raises(StateStoreError, match="connection refused"):
        lease.release()


def test_clocks_are_those_that_nobody_sets() -> None:
    clock = Clock()
    assert clock.awake() <= clock.awake()
    assert clock.always() <= clock.always()
    assert clock.always() >= clock.awake() - 60  # both count from the machine's start, one of them also asleep


@given(
    heartbeat=st.floats(0.5, 30),
    phase=st.floats(0, 30),
    delay=st.floats(0, 25),
    answer=st.floats(0, 10),
)
def test_nobody_may_take_it_before_its_owner_knows_that_it_is_lost(
    heartbeat: float, phase: float, delay: float, answer: float
) -> None:
    """An owner whose last heartbeat was asked for at 0 and written `delay` later; a waiter who looks every second."""
    timing = Timing(heartbeat=heartbeat, time_to_live=60)
    watch, moment = Watch(), phase
    while watch.unmoved("old" if moment < delay else "last", asked=moment, answered=moment + answer) < 60:
        moment += 1 + answer
    assert moment >= timing.lost_after
