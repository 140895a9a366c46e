"""When what happened: also of a worker that never said how it ended."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.job import StackOutcome, StackProgress
from shared.orchestration.resource_steps import ResourceStep, StepState
from shared.orchestration.run import Event, StackStarted
from shared.reporting.timeline import TimedStep, Timeline, heard_by

URN = "urn:pulumi:prod::s::a:b:C::"


@dataclasses.dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def word(name: str, state: StepState, at: float, operation: str = "create", error: str = "") -> StackProgress:
    step = ResourceStep(urn=f"{URN}{name}", operation=operation, state=state, at=at, error=error)
    return StackProgress(stack="s", phase="up", done=0, step=step)


def heard(*events: Event) -> tuple[TimedStep, ...]:
    timeline = Timeline(Clock())
    for event in (StackStarted(stack="s"), *events):
        timeline.hear(event)
    return timeline.times["s"].steps


def test_a_stack_begins_once_in_seconds_after_the_run() -> None:
    clock = Clock()
    timeline = Timeline(clock)
    for clock.now, stack in ((101.5, "a"), (103.0, "b"), (104.0, "a")):
        timeline.hear(StackStarted(stack=stack))
    for clock.now, stack in ((105.0, "a"), (106.0, "never begun")):
        timeline.hear(StackOutcome(stack=stack, result="succeeded"))
    found = {stack: (times.began, times.ended) for stack, times in timeline.times.items()}
    assert found == {"a": (1.5, 5.0), "b": (3.0, None)}
    assert timeline.seconds == 6.0


def test_a_step_goes_from_its_begin_to_its_end() -> None:
    found = heard(word("one", "begun", 101), word("two", "begun", 102), word("one", "done", 105))
    assert [(step.urn[-3:], step.began, step.ended, step.result) for step in found] == [
        ("one", 1, 5, "succeeded"),
        ("two", 2, None, "unfinished"),
    ]


def test_what_never_began_and_did_not_fail_is_left_out() -> None:
    assert heard(word("same", "done", 101, "same")) == ()


def test_a_failure_keeps_its_first_end_and_its_sentence() -> None:
    (found,) = heard(word("one", "begun", 101), word("one", "failed", 102), word("one", "failed", 109, error="no"))
    assert (found.began, found.ended, found.result, found.error) == (1, 2, "failed", "no")
    (found,) = heard(word("one", "failed", 102, error="no"))
    assert (found.began, found.ended, found.result, found.error) == (2, 2, "failed", "no")


def test_the_steps_of_a_replacement_and_a_second_try_stand_each_for_itself() -> None:
    found = heard(
        word("one", "begun", 101, "create-replacement"),
        word("one", "failed", 102, "create-replacement", "throttled"),
        word("one", "begun", 103, "create-replacement"),
        word("one", "begun", 104, "delete-replaced"),
        word("one", "done", 105, "create-replacement"),
        word("one", "done", 106, "delete-replaced"),
    )
    assert [(step.operation, step.began, step.ended, step.result) for step in found] == [
        ("create-replacement", 1, 2, "failed"),
        ("create-replacement", 3, 5, "succeeded"),
        ("delete-replaced", 4, 6, "succeeded"),
    ]


words = st.builds(
    word,
    st.sampled_from("abc"),
    st.sampled_from(["begun", "done", "failed"]),
    st.floats(90, 200),
    st.sampled_from(["create", "delete"]),
    st.sampled_from(["", "no"]),
)


@given(st.lists(words, max_size=30))
def test_no_order_of_words_breaks_it(events: list[StackProgress]) -> None:
    found = heard(*events, StackOutcome(stack="s", result="failed"))
    begun = sum(event.step.state == "begun" for event in events)
    assert begun <= len(found) <= begun + sum(event.step.state == "failed" for event in events)
    assert all(step.began >= 0 for step in found)


def test_every_observer_hears_every_event_in_order() -> None:
    told: list[str] = []
    hear = heard_by(lambda _: told.append("first"), lambda _: told.append("second"))
    hear(StackStarted(stack="s"))
    assert told == ["first", "second"]
