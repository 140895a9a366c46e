"""The engine's plans: what they agree on, and what an update under one may do."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.engine_plan import contradictions, dependencies, expecting, property_names
from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN

URN = "urn:pulumi:prod::s::a:b:C::one"
OTHER = "urn:pulumi:prod::s::a:b:C::two"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}

leaves = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text("abc", max_size=3), st.just(SECRET))
known = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)
inputs = st.dictionaries(st.sampled_from(["name", "tags", "sku"]), known, min_size=1, max_size=3)


def resource(
    adds: dict[str, Any] | None = None,
    updates: dict[str, Any] | None = None,
    steps: list[str] | None = None,
    **depends: list[str],
) -> dict[str, Any]:
    difference = {"adds": adds, "updates": updates}
    return {"goal": {"inputDiff": difference, "propertyDependencies": depends}, "steps": steps or ["update"]}


def plan(**resources: dict[str, Any]) -> dict[str, Any]:
    urns = {"one": URN, "two": OTHER}
    return {"manifest": {"magic": "m"}, "resourcePlans": {urns[name]: one for name, one in resources.items()}}


def changed(then: Any, now: Any) -> tuple[str, ...]:
    return contradictions(plan(one=resource(adds={"name": then})), plan(one=resource(updates={"name": now})))


@given(inputs)
def test_a_plan_agrees_with_itself(values: dict[str, Any]) -> None:
    made = plan(one=resource(adds=values), two=resource(updates=values))
    assert contradictions(made, copy.deepcopy(made)) == ()


def with_unknowns(value: Any, data: st.DataObject) -> Any:
    """Return a value in which some parts are not known."""
    if data.draw(st.booleans()):
        return UNKNOWN
    if isinstance(value, dict) and SIGNATURE not in value:
        return {key: with_unknowns(inner, data) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_unknowns(inner, data) for inner in value]
    return value


@given(known, st.data())
def test_what_was_not_known_agrees_with_everything(value: Any, data: st.DataObject) -> None:
    assert changed(UNKNOWN, value) == ()
    assert changed(with_unknowns(value, data), value) == ()


def known_leaves(value: Any) -> list[list[Any]]:
    """Return the paths of all leaves that are no secrets."""
    if isinstance(value, dict):
        return [] if SIGNATURE in value else [[key, *path] for key in value for path in known_leaves(value[key])]
    if isinstance(value, list):
        return [[index, *path] for index, inner in enumerate(value) for path in known_leaves(inner)]
    return [[]]


def replaced(value: Any, path: list[Any], new: Any) -> Any:
    if not path:
        return new
    made = copy.copy(value)
    made[path[0]] = replaced(value[path[0]], path[1:], new)
    return made


@given(known, st.data())
def test_a_known_leaf_that_changed_is_found_however_deep(value: Any, data: st.DataObject) -> None:
    paths = known_leaves(value)
    if paths:
        path = data.draw(st.sampled_from(paths))
        assert changed(value, replaced(value, path, "something else")) == (f"{URN} name",)
        assert changed(replaced(value, path, "something else"), value) == (f"{URN} name",)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"a": 1}, {"a": 1, "b": 1}),
        ({"a": 1, "b": 1}, {"a": 1}),
        ({"a": UNKNOWN}, {"b": 1}),
        ([1], [1, 1]),
        ([UNKNOWN, 1], [1]),
        ([1], {"0": 1}),
        ({"a": 1}, "a"),
        (None, "a"),
        ("a", UNKNOWN),
        (f"{UNKNOWN}!", "a"),
    ],
)
def test_another_shape_is_another_value(then: Any, now: Any) -> None:
    assert changed(then, now) == (f"{URN} name",)


def test_secrets_are_left_to_the_engine() -> None:
    assert changed(SECRET, {**SECRET, "ciphertext": "v1:other"}) == ()
    assert changed({"a": SECRET}, {"a": "in clear"}) == ()
    assert changed({"a": "in clear"}, {"a": SECRET}) == ()
    assert changed({"a": SECRET, "b": 1}, {"a": SECRET, "b": 2}) == (f"{URN} name",)


def test_what_only_one_of_the_plans_changes_is_no_contradiction() -> None:
    before = plan(one=resource(adds={"name": "a", "gone": 1}), two=resource(adds={"name": "a"}))
    assert contradictions(before, plan(one=resource(updates={"name": "a", "new": 2}))) == ()
    assert contradictions(plan(), before) == contradictions(before, plan()) == ()


def test_contradictions_are_in_order_by_resource_and_property() -> None:
    before = plan(two=resource(adds={"b": 1, "a": 1}), one=resource(updates={"c": 1}))
    now = plan(one=resource(updates={"c": 2}), two=resource(updates={"b": 2, "a": 2}))
    assert contradictions(before, now) == (f"{URN} c", f"{OTHER} a", f"{OTHER} b")


def test_a_resource_that_goes_away_has_no_goal() -> None:
    gone = {"goal": None, "steps": ["delete"]}
    assert contradictions(plan(one=gone), plan(one=resource(adds={"name": 1}))) == ()
    assert property_names(plan(one=gone)) == {URN: set()}
    assert dependencies(plan(one=gone), URN, "name") == ()


steps = st.lists(st.sampled_from(["same", "update", "replace", "create-replacement", "delete-replaced"]), max_size=3)


@given(inputs, steps, steps)
def test_expected_is_the_reviewed_plan_with_the_steps_of_now(
    values: dict[str, Any], then: list[str], today: list[str]
) -> None:
    reviewed = plan(one=resource(adds=values, steps=then), two=resource(steps=["same"]))
    now = plan(one=resource(adds={"name": "of now"}, steps=today), two=resource(steps=["same"]))
    untouched = copy.deepcopy(reviewed)
    found = expecting(reviewed, now, ())
    assert found["manifest"] == reviewed["manifest"]
    assert {urn: one["goal"] for urn, one in found["resourcePlans"].items()} == {
        urn: one["goal"] for urn, one in reviewed["resourcePlans"].items()
    }
    assert found["resourcePlans"][URN]["steps"] == now["resourcePlans"][URN]["steps"]
    assert found["resourcePlans"][OTHER]["steps"] == ["same"]
    assert reviewed == untouched
    assert expecting(reviewed, reviewed, ()) == reviewed


def test_what_is_calm_may_be_updated_or_left_and_not_replaced() -> None:
    now = plan(one=resource(steps=["create-replacement", "replace", "delete-replaced"]), two=resource(steps=["same"]))
    found = expecting(now, now, {URN})
    assert [found["resourcePlans"][urn]["steps"] for urn in (URN, OTHER)] == [["update"], ["same"]]
    first, second = expecting(now, now, {URN}), expecting(now, now, {URN})
    first["resourcePlans"][URN]["steps"] = ["other"]
    assert second["resourcePlans"][URN]["steps"] == ["update"]


def test_what_was_not_reviewed_is_in_no_plan_so_the_engine_refuses_it() -> None:
    found = expecting(plan(one=resource()), plan(one=resource(), two=resource(steps=["create"])), ())
    assert list(found["resourcePlans"]) == [URN]


def test_what_is_not_there_any_more_is_left_out() -> None:
    found = expecting(plan(one=resource(), two=resource(steps=["delete"])), plan(one=resource()), ())
    assert list(found["resourcePlans"]) == [URN]


def test_names_and_sources_of_inputs_are_those_of_the_goal() -> None:
    made = plan(one=resource(scope=[OTHER], tags=[]), two={"steps": ["same"], "goal": {"propertyDependencies": None}})
    assert property_names(made) == {URN: {"scope", "tags"}, OTHER: set()}
    assert dependencies(made, URN, "scope") == (OTHER,)
    assert dependencies(made, URN, "tags") == dependencies(made, URN, "none") == ()
    assert dependencies(made, OTHER, "scope") == dependencies(made, "urn:none", "scope") == ()


def test_outputs_that_may_be_named_in_a_violation_are_known() -> None:
    root = "urn:pulumi:prod::lower::pulumi:pulumi:Stack::lower-prod"
    plan = {
        "resourcePlans": {root: {"goal": {"inputDiff": {}, "outputDiff": {"updates": {"word": 1}}}, "steps": ["same"]}}
    }
    assert "word" in property_names(plan)[root]
