"""What runs write down, and what is read of it."""

import datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.journal.errors import JournalError
from shared.journal.history import begun, last_run, plan_set_of
from shared.journal.places import runs_folder
from shared.journal.run_ids import began, new_run_id
from shared.journal.writing import Journal, JournalRecorder, begin, forget_old
from shared.orchestration.job import StackOutcome
from shared.state_store.store import StateStore
from tests.unit.journal.sample_run import FailingStore, record, store

moments = st.datetimes(
    min_value=datetime.datetime(2000, 1, 1),  # noqa: DTZ001  the strategy wants it so, and adds the zone itself
    max_value=datetime.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)


@given(st.lists(moments, min_size=2, max_size=8))
def test_a_later_run_sorts_after_an_earlier_one_whatever_the_clock_says(clock: list[datetime.datetime]) -> None:
    runs: list[str] = []
    for now in clock:
        runs.append(new_run_id(now, runs[-1] if runs else None))
    assert runs == sorted(set(runs))
    assert began(runs[0]) == clock[0]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    there = store(tmp_path)
    assert last_run(there, "sandbox") is None
    begin(there, record(0), None)
    written = record(1, settled={"c": "unchanged"})
    journal = begin(there, written, b"sealed")
    recorder = JournalRecorder(journal=journal, withheld={"b": 2})
    assert recorder.starting("a") == ""
    recorder.finished(StackOutcome(stack="a", result="succeeded"))
    recorder.finished(StackOutcome(stack="b", result="failed", exit_code=4, reason="it said: secret"))
    found = last_run(there, "sandbox")
    assert found is not None
    assert (found.record, found.ending, found.ended_well) == (written, None, False)
    said = [(one.number, one.stack, one.state, one.withheld, one.exit_code) for one in found.transitions]
    assert said == [(1, "a", "started", 0, 0), (2, "a", "succeeded", 0, 0), (3, "b", "failed", 2, 4)]
    assert plan_set_of(there, found.record) == b"sealed"
    assert journal.end("succeeded", 0, {"stacks": []}) == ""
    found = last_run(there, "sandbox")
    assert found is not None
    assert found.ended_well
    assert last_run(there, "dev") is None


def test_a_run_without_a_record_is_none(tmp_path: Path) -> None:
    """It was killed before it began: nothing was touched."""
    there = store(tmp_path)
    there.put(f"runs/sandbox/{record().run}/plan-set", b"sealed")
    assert last_run(there, "sandbox") is None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"schema_version": 2}', b"\xff"])
def test_a_damaged_journal_says_which_object(tmp_path: Path, content: bytes) -> None:
    there = store(tmp_path)
    written = record()
    begin(there, written, None)
    there.put(f"runs/sandbox/{written.run}/events/000001-a-started.json", content)
    with pytest.raises(JournalError, match=rf"{written.run} of sandbox cannot be used: .*000001-a-started.json"):
        last_run(there, "sandbox")


def test_only_the_newest_runs_are_kept_and_those_that_never_ended(tmp_path: Path) -> None:
    there = store(tmp_path)
    written = [record(minute) for minute in range(6)]
    for one in written:
        journal = begin(there, one, b"sealed")
        journal.note("a", "started")
        if one is not written[1]:
            journal.end("succeeded", 0, None)
    torn = record(-1).run
    there.put(f"runs/sandbox/{torn}/plan-set", b"sealed")
    forget_old(there, "sandbox", keep=2)
    names = there.list(runs_folder("sandbox"))
    assert begun(names) == tuple(written[number].run for number in (1, 4, 5))
    assert not [name for name in names if torn in name]


def test_where_a_transition_cannot_be_written_nothing_more_may_begin() -> None:
    failing = FailingStore(cast("StateStore", None), answers=0)
    journal = Journal(cast("StateStore", failing), record())
    recorder = JournalRecorder(journal=journal, withheld={})
    assert "it does not answer" in recorder.starting("a")
    assert recorder.starting("b") == journal.broken == journal.end("failed", 1, None)
    assert failing.asked == 1, "it was asked again although it does not answer"


def test_a_transition_that_is_there_already_was_written_by_somebody_else(tmp_path: Path) -> None:
    there = store(tmp_path)
    first = begin(there, record(), None)
    second = Journal(there, first.record)
    assert first.note("a", "started") == ""
    assert "somebody else" in second.note("a", "started")
