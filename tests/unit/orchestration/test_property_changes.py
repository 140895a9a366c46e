"""How inputs differ, in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.property_changes import property_changes
from shared.orchestration.resource_changes import PropertyChange

LATER = "(known after deploying)"

values = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 3), st.text("abc", min_size=1, max_size=3), st.just(UNKNOWN)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(["name", "tags"]), values, max_size=2)


def said(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.path, one.before, one.after) for one in property_changes(old, new)]


@given(objects)
def test_what_is_the_same_is_not_told(value: dict[str, Any]) -> None:
    assert property_changes(value, dict(value)) == ()


@given(objects, objects)
def test_what_differs_is_told_by_its_top_name_and_without_the_engines_sentinel(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    found = property_changes(old, new)
    tops = {one.path.split(".")[0].split("[")[0] for one in found}
    assert tops == {name for name in {*old, *new} if old.get(name) != new.get(name)}
    assert len({one.path for one in found}) == len(found)
    assert UNKNOWN not in str(found)


@given(objects, objects)
def test_back_is_the_same_with_before_and_after_swapped(old: dict[str, Any], new: dict[str, Any]) -> None:
    back = [PropertyChange(path=one.path, before=one.after, after=one.before) for one in property_changes(new, old)]
    assert list(property_changes(old, new)) == back


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1}, {"a": 2}, [("a", "1", "2")]),
        ({"a": {"b": {"c": 1, "d": 1}}}, {"a": {"b": {"c": 2, "d": 1}}}, [("a.b.c", "1", "2")]),
        ({"a": ["x", "y"]}, {"a": ["x", "z"]}, [("a[1]", "y", "z")]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a[0].b", "1", "2")]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("a", '["x"]', '["x", "y"]')]),
        ({}, {"a": {"b": "c"}}, [("a", "", '{"b": "c"}')]),
        ({"a": "x"}, {}, [("a", "x", "")]),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, [("a", "1", "2"), ("b", "1", "2")]),
        ({"a": "x"}, {"a": UNKNOWN}, [("a", "x", LATER)]),
        ({"a": {"b": "x"}}, {"a": {"b": UNKNOWN}}, [("a.b", "x", LATER)]),
        ({}, {"a": {"b": [UNKNOWN]}}, [("a", "", f'{{"b": ["{LATER}"]}}')]),
        ({"a": "x"}, {"a": {"b": 1}}, [("a", "x", '{"b": 1}')]),
        ({"a": True}, {"a": "[secret]"}, [("a", "true", "[secret]")]),
    ],
)
def test_leaves_are_told_in_the_order_of_their_paths(
    old: dict[str, Any], new: dict[str, Any], changes: list[tuple[str, str, str]]
) -> None:
    assert said(old, new) == changes


def test_a_long_or_many_lined_value_is_one_short_line() -> None:
    ((_, before, after),) = said({"a": "one\n  two\ttwo"}, {"a": "x" * 500})
    assert before == "one two two"
    assert after == "x" * 120 + "…"
