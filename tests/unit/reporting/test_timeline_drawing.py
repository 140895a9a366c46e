"""Where bars lie in time."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.reporting.model import RunReport
from shared.reporting.page.timeline_drawing import span, stack_span, ticks, waits, whole
from tests.unit.reporting.sample_reports import report, reports, stack, step


@settings(max_examples=40)
@given(reports)
def test_nothing_ends_after_the_end(found: RunReport) -> None:
    seconds = whole(found)
    for one in found.stacks:
        spans = [stack_span(one, seconds), *waits(one, found, seconds).__dict__.values()] if one.began else []
        for part in filter(None, spans):
            assert 0 <= part.left <= part.left + part.width <= 100.002


@given(st.floats(0, 1_000_000_000))
def test_marks_are_few_and_evenly_apart(seconds: float) -> None:
    found = ticks(seconds)
    assert 1 <= len(found) <= 7
    assert all(0 <= tick.left <= 100.001 for tick in found)
    apart = [round(after.left - before.left, 1) for before, after in itertools.pairwise(found)]
    assert max(apart, default=0) - min(apart, default=0) <= 0.2


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (0, ["0"]),
        (0.5, ["0", "0.1 s", "0.2 s", "0.3 s", "0.4 s", "0.5 s"]),
        (20, ["0", "5 s", "10 s", "15 s", "20 s"]),
        (330, ["0", "1:00", "2:00", "3:00", "4:00", "5:00"]),
        (8000, ["0", "30:00", "1:00:00", "1:30:00", "2:00:00"]),
    ],
)
def test_marks_are_at_round_times(seconds: float, labels: list[str]) -> None:
    assert [tick.label for tick in ticks(seconds)] == labels


def test_a_part_of_the_time_is_in_percent() -> None:
    found = span(2.0, 7.0, 20.0)
    assert (found.left, found.width, found.seconds) == (10.0, 25.0, 5.0)
    assert span(1.0, 2.0, 0.0).width == 0.0


def test_a_stack_waits_for_others_and_then_for_a_free_place() -> None:
    run = report(
        stack("a", began=1.0, ended=4.0),
        stack("b", began=0.0, ended=2.0),
        stack("c", began=6.0, ended=8.0, upstreams=("a", "b", "elsewhere")),
        stack("d", began=None, result="skipped", upstreams=("a",)),
        seconds=10.0,
    )

    def waited(number: int) -> list[tuple[float, float] | None]:
        found = waits(run.stacks[number], run, 10.0)
        return [part and (part.left, part.width) for part in (found.upstreams, found.place)]

    assert waited(0) == [None, (0.0, 10.0)]
    assert waited(2) == [(0.0, 40.0), (40.0, 20.0)]
    assert waited(3) == [None, None]
    backwards = run.model_copy(update={"command": "destroy"})
    found = waits(run.stacks[0], backwards, 10.0)
    assert found.upstreams is not None  # until c, which reads from it, is gone
    assert found.upstreams.width == 10.0


def test_the_whole_time_holds_steps_that_end_after_the_clock() -> None:
    assert whole(report(stack("a", steps=(step("x", 1.0, 99.0),)), seconds=10.0)) == 99.0


def test_stacks_that_are_only_compared_wait_for_no_other() -> None:
    run = report(stack("a"), stack("b", upstreams=("a",), began=6.0, ended=7.0), seconds=10.0)
    compared = run.model_copy(update={"command": "drift", "differences": "found"})
    found = waits(compared.stacks[1], compared, 10.0)
    assert (found.upstreams, found.place and found.place.width) == (None, 60.0)
