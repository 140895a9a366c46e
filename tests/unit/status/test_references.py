"""What a stack read of another one, against what that one publishes now."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.planned_outputs import ROOT_TYPE, SIGNATURE
from shared.status.references import StaleReference, compared, stale_references

SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)


def checkpoint(time: int, outputs: dict[str, Any], **read: dict[str, Any]) -> dict[str, Any]:
    """Return a checkpoint that publishes outputs. read: outputs of other stacks, as they were."""
    root = {"urn": "root", "type": ROOT_TYPE, "outputs": outputs}
    references = [
        {
            "urn": stack,
            "type": "pulumi:pulumi:StackReference",
            "id": f"organization/{stack}/sandbox",
            "outputs": {"name": stack, "outputs": was},
        }
        for stack, was in read.items()
    ]
    latest = {"manifest": {"time": f"2026-01-01T00:00:0{time}Z"}, "resources": [root, *references]}
    return {"version": 3, "checkpoint": {"latest": latest}}


def anything(_stack: str, _upstream: str) -> None:
    return None


def stale(lower: dict[str, Any], was: dict[str, Any], time: int = 2) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    checkpoints = {"lower": checkpoint(time, lower), "upper": checkpoint(1, {}, lower=was)}
    return [(one.outputs, one.unknown) for one in stale_references(checkpoints, anything)]


def test_what_is_as_it_was_is_not_stale() -> None:
    assert stale({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_changed_new_and_gone_outputs_are_named() -> None:
    assert stale({"a": 1, "b": 2, "d": 4}, {"a": 1, "b": 3, "c": 3}) == [(("b", "c", "d"), ())]


def test_of_a_secret_it_is_said_that_nobody_knows_where_its_stack_was_written_later() -> None:
    assert stale({"a": SECRET}, {"a": {**SECRET, "ciphertext": "v1:xyz"}}) == [((), ("a",))]
    assert stale({"a": SECRET}, {"a": SECRET}, time=1) == []
    assert stale({"a": {"b": SECRET, "c": 1}}, {"a": {"b": SECRET, "c": 2}}) == [(("a",), ())]
    assert stale({"a": "clear"}, {"a": SECRET}) == [(("a",), ())]


def test_a_stack_that_is_gone_publishes_nothing() -> None:
    found = stale_references({"upper": checkpoint(1, {}, lower={"a": 1})}, anything)
    assert found == (StaleReference(stack="upper", upstream="lower", outputs=("a",), unknown=()),)


def test_outputs_that_the_program_does_not_read_do_not_matter() -> None:
    checkpoints = {"lower": checkpoint(2, {"a": 1, "b": 2}), "upper": checkpoint(1, {}, lower={"a": 0, "b": 0})}
    asked: list[tuple[str, str]] = []

    def reads(stack: str, upstream: str) -> set[str]:
        asked.append((stack, upstream))
        return {"b"}

    (found,) = stale_references(checkpoints, reads)
    assert found.outputs == ("b",)
    assert asked == [("upper", "lower")]


@given(values, values)
def test_plain_values_are_the_same_exactly_where_they_are_equal(one: Any, other: Any) -> None:
    assert compared(one, one) == "same"
    assert (compared(one, other) == "same") == (one == other)
