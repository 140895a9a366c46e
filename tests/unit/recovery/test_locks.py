"""Whose an engine's lock is, and what becomes of it."""

import dataclasses
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.environment import load
from shared.journal.history import PastRun
from shared.journal.model import Transition
from shared.lease.record import DeadOwner
from shared.orchestration.session import Session
from shared.recovery.dead_runs import dead_runs
from shared.recovery.engine_locks import EngineLock, engine_locks, engine_store
from shared.recovery.errors import EngineLockedError
from shared.recovery.locks import Waiting, free
from shared.recovery.verdict import DeadRun, verdict
from tests.unit.journal.sample_run import NOON, OWNER, record

ONE = datetime.timedelta(minutes=1)
HERE = DeadRun(host="here", here=True, stacks=frozenset({"lower"}))
THERE = DeadRun(host="there", here=False, stacks=frozenset({"lower"}))
LEASED = DeadRun(host="here", here=True, stacks=None, since=NOON)


def lock(**differs: object) -> EngineLock:
    usual = EngineLock(stack="lower", name="l", pid=7, user="ann", host="here", since=NOON + ONE)
    return dataclasses.replace(usual, **differs)


def nobody(_: int) -> bool:
    return False


def everybody(_: int) -> bool:
    return True


@pytest.mark.parametrize("strange", [{"host": "elsewhere"}, {"stack": "upper"}, {"since": None}])
def test_what_differs_from_the_dead_run_is_somebody_elses(strange: dict[str, object]) -> None:
    assert verdict(lock(), [HERE], nobody) == "stale"
    assert verdict(lock(**strange), [HERE], nobody) == "foreign"


def test_a_lock_on_a_stack_that_a_run_began_is_its_own_also_where_its_clock_was_set_back() -> None:
    assert verdict(lock(since=NOON - 60 * ONE), [HERE], nobody) == "stale"


def test_where_nobody_knows_which_stacks_a_run_began_older_locks_are_not_its_own() -> None:
    assert verdict(lock(stack="any"), [LEASED], nobody) == "stale"
    assert verdict(lock(stack="any", since=NOON - ONE), [LEASED], nobody) == "foreign"


def test_without_a_dead_run_no_lock_is_ours() -> None:
    assert verdict(lock(), [], nobody) == "foreign"


def test_an_engine_that_still_runs_is_finishing_where_that_can_be_seen() -> None:
    assert verdict(lock(), [HERE], everybody) == "finishing"
    assert verdict(lock(host="there"), [THERE], everybody) == "stale", "a process of another machine has that number"


@given(
    st.sampled_from(["here", "there", "elsewhere"]),
    st.sampled_from(["lower", "upper"]),
    st.integers(-2, 2),
    st.sets(st.sampled_from([HERE, THERE, LEASED])),
)
def test_no_lock_is_stale_but_one_that_a_dead_run_made(host: str, stack: str, minute: int, dead: set[DeadRun]) -> None:
    found = lock(host=host, stack=stack, since=NOON + minute * ONE)
    begun = stack == "lower" and host in {run.host for run in dead - {LEASED}}
    made = begun or (LEASED in dead and host == "here" and minute >= 0)
    assert (verdict(found, dead, nobody) == "stale") == made


def session(folder: Path) -> Session:
    variables = {"PULUMI_BACKEND_URL": folder.as_uri()}
    return Session(
        environment=load("sandbox"),
        root=folder,
        variables=variables,
        work=folder,
        secrets_provider=None,
        inventory=None,
    )


def written(folder: Path, stack: str, content: object, environment: str = "sandbox") -> Path:
    file = folder / ".pulumi" / "locks" / "organization" / stack / environment / "1f0.json"
    file.parent.mkdir(parents=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def said(host: str = "here") -> dict[str, object]:
    return {"pid": 7, "username": "ann", "hostname": host, "timestamp": "2026-01-01T14:01:00.123456789+02:00"}


def test_locks_are_read_as_the_engine_writes_them(tmp_path: Path) -> None:
    written(tmp_path, "lower", said())
    written(tmp_path, "upper", "{}")
    written(tmp_path, "third", "no json")
    written(tmp_path, "other", said(), environment="dev")
    lower, third, upper = engine_locks(engine_store(session(tmp_path)), "sandbox")
    assert (lower.stack, lower.pid, lower.owner) == ("lower", 7, "ann on here (process 7)")
    assert lower.since == NOON + ONE + datetime.timedelta(microseconds=123456)
    assert verdict(third, [HERE], nobody) == verdict(upper, [HERE], nobody) == "foreign"


def test_a_stale_lock_is_deleted_and_no_other_one(tmp_path: Path) -> None:
    mine, others = written(tmp_path, "lower", said()), written(tmp_path, "upper", said("elsewhere"))
    found = free(session(tmp_path), ["lower"], [HERE], Waiting(alive=nobody, say=print))
    assert ([one.stack for one in found.freed], [one.stack for one in found.others]) == (["lower"], ["upper"])
    assert not mine.exists()
    assert others.exists()


def test_where_somebody_elses_lock_is_in_the_way_it_is_left_and_said_whose(tmp_path: Path) -> None:
    mine, others = written(tmp_path, "lower", said()), written(tmp_path, "upper", said("elsewhere"))
    waiting = Waiting(alive=nobody, say=print)
    put_right: list[bool] = []
    with pytest.raises(EngineLockedError, match=r"upper of sandbox is locked by ann on elsewhere \(process 7\) since"):
        free(session(tmp_path), ["lower", "upper"], [HERE], waiting, put_right=lambda: put_right.append(mine.exists()))
    assert put_right == [False], "what dead runs left is no reason any more to take a later lock for theirs"
    assert others.exists()


def test_an_engine_that_finishes_is_waited_for_and_one_that_does_not_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "lower", said())
    lines: list[str] = []
    clock = iter(range(100))
    waiting = Waiting(
        alive=everybody, say=lines.append, patience=5, sleep=lambda _: None, clock=lambda: float(next(clock))
    )
    with pytest.raises(EngineLockedError, match="end process 7, then run the command again"):
        free(session(tmp_path), ["lower"], [HERE], waiting)
    assert len(lines) == 1
    ends = dataclasses.replace(waiting, sleep=lambda _: file.unlink(missing_ok=True))
    assert free(session(tmp_path), ["lower"], [HERE], ends).freed == ()


def test_dead_are_the_last_run_and_the_dead_owners_of_the_lease() -> None:
    begun = Transition(
        schema_version=1, number=1, stack="a", state="started", withheld=0, exit_code=0, time="2026-01-01T12:00:00Z"
    )
    skipped = begun.model_copy(update={"number": 2, "stack": "b", "state": "skipped"})
    last = PastRun(record=record(), transitions=(begun, skipped), ending=None)
    there = OWNER.model_copy(update={"host": "there", "boot": "another"})
    owners = [DeadOwner(owner=there, since="2026-01-01T12:00:00Z")]
    assert list(dead_runs(last, owners, OWNER)) == [
        DeadRun(host="here", here=True, stacks=frozenset("a")),
        DeadRun(host="there", here=False, stacks=None, since=NOON),
    ]
    assert list(dead_runs(None, (), OWNER)) == []
