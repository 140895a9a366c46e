"""What is left of a run that did not end well."""

from hypothesis import given
from hypothesis import strategies as st

from shared.journal.history import PastRun
from shared.journal.left_over import left_over
from shared.journal.model import State, Transition
from tests.unit.journal.sample_run import record

STATES: tuple[State, ...] = ("started", "succeeded", "unchanged", "failed", "skipped", "cancelled")
steps = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(STATES), st.integers(0, 2)), max_size=12)


def run(*said: tuple[str, State, int], settled: dict[str, str] | None = None) -> PastRun:
    transitions = tuple(
        Transition(
            schema_version=1,
            number=number,
            stack=stack,
            state=state,
            withheld=withheld,
            exit_code=0,
            time="2026-01-01T12:00:00Z",
        )
        for number, (stack, state, withheld) in enumerate(said, 1)
    )
    return PastRun(record=record(0).model_copy(update={"settled": settled or {}}), transitions=transitions, ending=None)


def test_of_a_run_that_began_nothing_all_is_left() -> None:
    assert left_over(run()).open == ("a", "b", "c")


def test_what_began_and_did_not_end_is_left() -> None:
    left = left_over(run(("a", "started", 0), ("a", "unchanged", 0), ("b", "started", 0)))
    assert (left.done, left.open) == ({"a": "unchanged"}, ("b", "c"))


def test_what_was_settled_well_before_is_done_and_what_could_not_be_previewed_is_left() -> None:
    assert left_over(run(settled={"a": "unchanged", "b": "failed"})).open == ("b", "c")


def test_deletions_that_wait_are_left_until_they_followed() -> None:
    first: list[tuple[str, State, int]] = [
        ("a", "started", 0),
        ("a", "succeeded", 2),
        ("b", "started", 0),
        ("b", "succeeded", 0),
    ]
    assert left_over(run(*first)).open == ("a", "c")
    assert left_over(run(*first, ("a", "started", 0))).open == ("a", "c")
    assert left_over(run(*first, ("a", "started", 0), ("a", "succeeded", 0))).open == ("c",)


@given(steps, st.dictionaries(st.sampled_from("abc"), st.sampled_from(["succeeded", "unchanged", "failed"])))
def test_each_stack_is_done_or_left_and_only_a_good_end_makes_it_done(
    said: list[tuple[str, State, int]], settled: dict[str, str]
) -> None:
    left = left_over(run(*said, settled=settled))
    assert sorted([*left.done, *left.open]) == ["a", "b", "c"]
    for stack in left.done:
        mine = [(state, withheld) for name, state, withheld in said if name == stack]
        good = {("succeeded", 0), ("unchanged", 0)}
        assert mine[-1] in good if mine else settled[stack] in {"succeeded", "unchanged"}


@given(steps, st.integers(0, 12))
def test_a_run_that_is_cut_off_never_has_more_done_than_its_last_words_say(
    said: list[tuple[str, State, int]], cut: int
) -> None:
    """Wherever the run is killed, nothing counts as done that was begun again since, or never ended."""
    left = left_over(run(*said[:cut]))
    last = {stack: state for stack, state, _ in said[:cut]}
    assert not {stack for stack, state in last.items() if state == "started"} & set(left.done)
