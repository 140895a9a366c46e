"""Rounds run everything once, in turns, and a row takes both its numbers from the same round."""

from collections.abc import Iterator

import pytest

from shared.bench.arithmetic import itself, ratio
from shared.bench.errors import CommandFailedError
from shared.bench.group import Group, Probe, Reading, Readings, RowPlan
from shared.bench.report import Limit, Spread
from shared.bench.rounds import measure, row_of


def probe(name: str, log: list[str], values: Iterator[float]) -> Probe:
    def run() -> Readings:
        log.append(name)
        return {name: next(values)}

    return Probe(name=name, run=run)


def plan(measured: Reading, baseline: Reading, limit: Limit | None = None) -> RowPlan:
    return RowPlan(name="row", what="a row", measured=measured, baseline=baseline, figure=ratio, limit=limit)


def test_every_second_round_goes_backwards_and_shared_probes_run_once() -> None:
    log: list[str] = []
    said: list[str] = []
    first, second = probe("a", log, iter([1.0, 2.0, 3.0])), probe("b", log, iter([4.0, 5.0, 6.0]))
    found = measure([Group(probes=(first, second), rows=()), Group(probes=(first,), rows=())], 3, said.append)
    assert log == ["a", "b", "b", "a", "a", "b"]
    assert [dict(one) for one in found] == [{"a": 1.0, "b": 4.0}, {"a": 2.0, "b": 5.0}, {"a": 3.0, "b": 6.0}]
    assert said[0] == "round 1 of 3: a"
    assert said[-1] == "round 3 of 3: b"


def test_ratios_are_taken_within_a_round() -> None:
    # The machine was ten times slower in the second round, for both alike.
    rounds = [{"new": 1.0, "old": 2.0}, {"new": 10.0, "old": 20.0}, {"new": 1.0, "old": 4.0}]
    row = row_of(
        plan(Reading(key="new", what="ours"), Reading(key="old", what="theirs"), Limit(kind="at most", value=0.4)),
        rounds,
    )
    assert row.figure == Spread(median=0.5, min=0.25, max=0.5)
    assert row.met is False
    assert row.measured.samples == (1.0, 10.0, 1.0)
    assert (row.measured.what, row.baseline.what) == ("ours", "theirs")
    assert (row.baseline.median, row.baseline.min, row.baseline.max) == (4.0, 2.0, 20.0)


def test_readings_may_be_of_a_part() -> None:
    measured = Reading(key="all", what="each", unit="s each", per=100)
    row = row_of(plan(measured, Reading(key="one", what="one")), [{"all": 50.0, "one": 0.25}])
    assert row.measured.samples == (0.5,)
    assert row.figure.median == 2.0
    assert row.met is None


def test_a_time_has_its_own_unit() -> None:
    seconds = RowPlan(
        name="list",
        what="",
        measured=Reading(key="a", what=""),
        baseline=Reading(key="b", what=""),
        figure=itself,
        limit=Limit(kind="at most", value=0.5),
        unit="s",
    )
    row = row_of(seconds, [{"a": 0.3, "b": 9.0}])
    assert (row.unit, row.figure.median, row.met) == ("s", 0.3, True)


def test_a_probe_that_fails_ends_the_bench() -> None:
    def fail() -> Readings:
        raise CommandFailedError(command=["x"], exit_code=3, detail="no")

    group = Group(probes=(Probe(name="a", run=fail),), rows=())
    with pytest.raises(CommandFailedError):
        measure([group], 1, lambda _: None)
