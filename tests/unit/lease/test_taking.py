"""One owner at a time; a dead one is told from one that lives, and never by comparing clocks."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.lease.errors import LeaseHeldError, LeaseUnreadableError
from shared.lease.record import DeadOwner, Owner, content_of
from shared.lease.unlocking import holder_of
from shared.state_store.store import StateStore
from tests.unit.lease.leases import ELSEWHERE, HERE, NAME, Heard, ManualClock, file_store, record, taken
from tests.unit.lease.waiting import until


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return file_store(tmp_path)


def dead(owner: Owner) -> DeadOwner:
    return DeadOwner(owner=owner, since="2026-11-21T17:00:00Z")


def beat(store: StateStore) -> None:
    found = holder_of(store, "prod")
    assert found
    store.put(NAME, content_of(found.model_copy(update={"heartbeat": found.heartbeat + 1})))


def test_a_free_environment_is_taken_and_given_back(store: StateStore) -> None:
    with taken(store, record("one")) as lease:
        assert lease.dead == ()
        assert holder_of(store, "prod") == record("one")
        assert not lease.lost
    assert holder_of(store, "prod") is None
    with taken(store, record("two")) as lease:
        assert lease.dead == ()
        assert holder_of(store, "prod") == record("two")


def test_who_does_not_wait_is_told_at_once_who_has_it(store: StateStore) -> None:
    manual, heard = ManualClock(), Heard()
    store.put(NAME, content_of(record("other", ELSEWHERE)))
    with pytest.raises(LeaseHeldError) as caught, taken(store, record("one"), manual=manual, heard=heard):
        pass
    assert str(caught.value) == (
        "prod is locked: bob on elsewhere (process 100) has been at deploy since 2026-11-21T17:00:00Z (run run-1); "
        "wait for it with --wait SECONDS; where its owner is dead, run unlock --env prod"
    )
    assert (manual.now, heard.records) == (1000.0, [])


def test_who_waits_takes_it_when_it_is_given_back(store: StateStore) -> None:
    def elsewhere(now: float) -> None:
        if now < 1030:
            beat(store)
        else:
            store.put(NAME, content_of(record("other", ELSEWHERE, released=True)))

    manual, heard = ManualClock(on_sleep=elsewhere), Heard()
    store.put(NAME, content_of(record("other", ELSEWHERE)))
    with taken(store, record("one"), wait=90, manual=manual, heard=heard) as lease:
        assert lease.dead == ()
    assert manual.now == 1030
    assert [one.holder for one in heard.records] == ["other"]


def test_an_owner_elsewhere_that_beats_is_never_dead(store: StateStore) -> None:
    manual = ManualClock(on_sleep=lambda now: beat(store) if int(now) % 59 == 0 else None)
    store.put(NAME, content_of(record("other", ELSEWHERE)))
    with pytest.raises(LeaseHeldError), taken(store, record("one"), wait=3600, manual=manual):
        pass
    assert manual.now == 4600


def test_an_owner_elsewhere_that_does_not_beat_is_dead_after_its_time_to_live(store: StateStore) -> None:
    manual = ManualClock()
    store.put(NAME, content_of(record("other", ELSEWHERE, time_to_live=20)))
    with taken(store, record("one"), wait=90, manual=manual) as lease:
        assert lease.dead == (dead(ELSEWHERE),)
        assert holder_of(store, "prod") == record("one", dead=lease.dead)
    assert manual.now == 1020


def test_who_waits_less_than_a_time_to_live_does_not_take_it(store: StateStore) -> None:
    store.put(NAME, content_of(record("other", ELSEWHERE)))
    with pytest.raises(LeaseHeldError), taken(store, record("one"), wait=59):
        pass
    assert holder_of(store, "prod") == record("other", ELSEWHERE)


@pytest.mark.parametrize("since", ["2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"])
def test_what_the_owners_clock_says_is_no_reason(store: StateStore, since: str) -> None:
    store.put(NAME, content_of(record("other", ELSEWHERE, since=since)))
    with pytest.raises(LeaseHeldError), taken(store, record("one"), wait=59):
        pass
    with taken(store, record("one"), wait=60) as lease:
        assert [one.since for one in lease.dead] == [since]


@pytest.mark.parametrize("jump", [-86400.0, 86400.0])
def test_a_time_of_day_that_jumps_is_no_reason(store: StateStore, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    moments = [0.0]
    monkeypatch.setattr(time, "time", lambda: moments[-1])
    manual = ManualClock(on_sleep=lambda _: moments.append(moments[-1] + jump))
    store.put(NAME, content_of(record("other", ELSEWHERE)))
    with taken(store, record("one"), wait=90, manual=manual) as lease:
        assert not lease.lost
    assert manual.now == 1060


def test_a_process_of_this_machine_that_is_gone_is_dead_at_once(store: StateStore) -> None:
    manual = ManualClock()
    other = HERE.model_copy(update={"pid": 7})
    store.put(NAME, content_of(record("other", other)))
    with taken(store, record("one"), manual=manual) as lease:
        assert lease.dead == (dead(other),)
    assert manual.now == 1000


def test_a_process_that_has_another_ones_id_is_not_that_one(store: StateStore) -> None:
    store.put(NAME, content_of(record("other", HERE.model_copy(update={"pid": 7, "started": 5}))))
    with taken(store, record("one"), running={7: 6}.get) as lease:
        assert lease.dead


def test_who_died_is_handed_on_until_what_was_left_is_put_right(store: StateStore) -> None:
    first, second = HERE.model_copy(update={"pid": 7}), HERE.model_copy(update={"pid": 8})
    store.put(NAME, content_of(record("first", first, dead=(dead(ELSEWHERE),))))
    with taken(store, record("second", second, since="2026-11-21T18:00:00Z")):
        killed = store.get(NAME)
    assert killed
    store.put(NAME, killed)
    with taken(store, record("third")) as lease:
        assert lease.dead == (dead(ELSEWHERE), dead(first)), "of one machine the first says enough"
    with taken(store, record("fourth")) as lease:
        assert lease.dead == (dead(ELSEWHERE), dead(first))
        lease.put_right()
    with taken(store, record("fifth")) as lease:
        assert lease.dead == ()


def test_a_process_of_this_machine_that_lives_is_not_dead_however_long_it_does_not_beat(store: StateStore) -> None:
    store.put(NAME, content_of(record("other", HERE.model_copy(update={"pid": 7}))))
    with pytest.raises(LeaseHeldError), taken(store, record("one"), wait=500, running={7: 5}.get):
        pass


@pytest.mark.parametrize("field", ["host", "boot", "processes"])
def test_a_process_id_means_nothing_elsewhere(store: StateStore, field: str) -> None:
    """A container of the same image has the same machine id, one of the same machine the same boot id."""
    store.put(NAME, content_of(record("other", HERE.model_copy(update={"pid": 7, field: "another"}))))
    with pytest.raises(LeaseHeldError), taken(store, record("one")):
        pass


def test_a_machine_that_does_not_know_itself_is_elsewhere(store: StateStore) -> None:
    nowhere = HERE.model_copy(update={"boot": "", "processes": ""})
    store.put(NAME, content_of(record("other", nowhere.model_copy(update={"pid": 7}))))
    with pytest.raises(LeaseHeldError), taken(store, record("one", nowhere)):
        pass


def test_of_several_at_once_one_takes_a_dead_ones_lease(store: StateStore) -> None:
    store.put(NAME, content_of(record("other", HERE.model_copy(update={"pid": 7}))))
    refused: list[str] = []

    def attempt(number: int) -> bool:
        try:
            with taken(store, record(f"holder-{number}"), running={100: 5}.get) as lease:
                until(lambda: len(refused) == 7)
                return holder_of(store, "prod") == lease.record
        except LeaseHeldError as error:
            refused.append(str(error))
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(attempt, range(8))) == [*[False] * 7, True]


def test_an_answer_that_was_lost_does_not_lock_out_its_own_sender(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = StateStore.create

    def lossy(self: StateStore, name: str, content: bytes) -> bool:
        assert real(self, name, content)
        return False  # what a request that was sent again says of one that had arrived

    monkeypatch.setattr(StateStore, "create", lossy)
    with taken(store, record("one")) as lease:
        assert not lease.lost


@pytest.mark.parametrize("content", [b"", b"{", content_of(record("x")).replace(b'"prod"', b'"other"')])
def test_a_lease_that_cannot_be_read_is_not_taken(store: StateStore, content: bytes) -> None:
    store.put(NAME, content)
    with pytest.raises(LeaseUnreadableError, match="once nobody works on it, run unlock --env prod"):  # noqa: SIM117
        with taken(store, record("one"), wait=600):
            pass
    assert store.get(NAME) == content
