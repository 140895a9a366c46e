"""Outputs that a deployment would take from their readers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.absent import ABSENT
from shared.orchestration.contract_changes import BrokenOutput, broken_outputs
from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN

SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
OTHER_SECRET = {**SECRET, "ciphertext": "v1:other"}

values = st.one_of(
    st.text("ab", max_size=3),
    st.integers(),
    st.booleans(),
    st.lists(st.text("ab", max_size=2), max_size=2),
    st.dictionaries(st.sampled_from("xy"), st.text("ab", max_size=2), max_size=2),
    st.just(UNKNOWN),
    st.just(ABSENT),
    st.just(SECRET),
)
outputs = st.dictionaries(st.sampled_from(["a", "b", "c"]), values, max_size=3)


def problems(deployed: dict[str, Any], planned: dict[str, Any]) -> list[str]:
    return [f"{one.name} {one.problem}" for one in broken_outputs(deployed, planned)]


@given(outputs, outputs)
def test_what_stays_or_comes_breaks_nothing(deployed: dict[str, Any], new: dict[str, Any]) -> None:
    assert broken_outputs(deployed, deployed) == ()
    assert broken_outputs(deployed, {**new, **deployed}) == ()
    assert broken_outputs({}, new) == ()


@given(outputs, st.data())
def test_what_goes_is_found_whatever_it_was(deployed: dict[str, Any], data: st.DataObject) -> None:
    if deployed:
        gone = data.draw(st.sampled_from(sorted(deployed)))
        (broken,) = broken_outputs(deployed, {name: deployed[name] for name in deployed if name != gone})
        assert broken.name == gone
        assert broken.problem == "is not published any more"
        assert broken.remedy == "publish it as before, or take it out of its readers first"


def test_a_new_name_is_guessed_by_its_value_where_that_is_clear() -> None:
    assert problems({"old": "value"}, {"new": "value", "x": "y"}) == ["old is not published any more (is it new now?)"]
    assert problems({"old": "v"}, {"new": "v", "newer": "v"}) == ["old is not published any more"]
    assert problems({"old": "v", "same": "v"}, {"same": "v"}) == ["old is not published any more"]
    assert problems({"old": "v"}, {"new": UNKNOWN}) == ["old is not published any more"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("1", 1, "was text and would be a number"),
        (1, "1", "was a number and would be text"),
        (True, 1, "was a truth value and would be a number"),
        (1, True, "was a number and would be a truth value"),
        ("a", ["a"], "was text and would be a list"),
        (["a"], {"a": "a"}, "was a list and would be a map"),
        ({"a": "a"}, "a", "was a map and would be text"),
    ],
)
def test_another_type_is_found_in_both_words(before: Any, after: Any, said: str) -> None:
    (broken,) = broken_outputs({"a": before}, {"a": after})
    assert broken.problem == said
    assert (
        broken.remedy == "publish the new one under another name, move the readers to it, and take this one away then"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a", "b"),
        (1, 1.5),
        ("a", UNKNOWN),
        (1, UNKNOWN),
        (None, "a"),
        ("a", None),
        (ABSENT, 1),
        (1, ABSENT),
        (ABSENT, ["a"]),
        ({"a": "b"}, {"a": UNKNOWN}),
        ("a", SECRET),
        (1, SECRET),
        (SECRET, OTHER_SECRET),
        (SECRET, UNKNOWN),
    ],
)
def test_another_value_of_the_same_type_or_one_that_is_not_known_breaks_nothing(before: Any, after: Any) -> None:
    assert broken_outputs({"a": before}, {"a": after}) == ()


@pytest.mark.parametrize("after", ["text", 1, ["a"], {"a": "b"}, ABSENT, None, False])
def test_a_secret_in_clear_is_found_and_its_value_not_said(after: Any) -> None:
    (broken,) = broken_outputs({"a": SECRET}, {"a": after})
    assert (broken.problem, broken.remedy) == (
        "was a secret and would be published in clear",
        "declare it secret again",
    )


def test_they_are_told_in_order_of_their_names() -> None:
    assert [one.name for one in broken_outputs({"b": 1, "c": 1, "a": 1}, {"c": "1"})] == ["a", "b", "c"]


def test_the_sentence_names_the_readers_and_the_remedy() -> None:
    broken = BrokenOutput(name="id", problem="is gone", remedy="put it back")
    assert broken.sentence(("a (f:1)",)) == "output id is gone, and a (f:1) reads it; put it back"
    assert broken.sentence(("a (f:1)", "b (g:2)")) == "output id is gone, and a (f:1) and b (g:2) read it; put it back"
    assert broken.sentence(("a", "b", "c")) == "output id is gone, and a, b and c read it; put it back"
