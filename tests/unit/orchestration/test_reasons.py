"""Why something is only possible: a chain of reasons that ends."""

import itertools
from collections.abc import Mapping
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.losses import PlannedStep
from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.reasons import Hidden, chain, origin
from shared.orchestration.resource_changes import Kind, ResourceChange

REFERENCE = "urn:pulumi:prod::upper::pulumi:pulumi:StackReference::organization/lower/prod"
Steps = dict[str, PlannedStep]


def urn(name: str) -> str:
    return f"urn:pulumi:prod::upper::a:b:C::{name}"


def step(
    name: str,
    kind: Literal["update", "replace", "delete"] = "replace",
    *,
    keys: tuple[str, ...] = (),
    changed: tuple[str, ...] = (),
    new: Mapping[str, Any] | None = None,
) -> PlannedStep:
    return PlannedStep(urn=urn(name), type="a:b:C", kind=kind, id=name, keys=keys, changed=changed, new=new or {})


def hangs(name: str, kind: Literal["update", "replace"] = "replace", *inputs: str) -> PlannedStep:
    """Return a step whose inputs are not known."""
    return step(name, kind, keys=inputs or ("scope",), new=dict.fromkeys(inputs or ("scope",), UNKNOWN))


def plan(steps: Mapping[str, list[str]] | None = None, **sources: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a plan. sources: by resource and input, the URNs that it comes from; steps: by resource."""
    names = {*sources, *(steps or {})}
    return {
        "resourcePlans": {
            urn(name): {
                "goal": {"propertyDependencies": dict(sources.get(name, {}))},
                "steps": (steps or {}).get(name, ["replace"]),
            }
            for name in names
        }
    }


def steps(*planned: PlannedStep) -> Steps:
    return {one.urn: one for one in planned}


def hidden(output: str, last: Any = "last", why: str = "lower updates group (a:b:G)", stack: str = "lower") -> Hidden:
    return Hidden(stack=stack, output=output, last=last, why=why)


def test_an_input_from_another_stack_is_told_with_the_output_and_its_origin() -> None:
    found = chain(urn("one"), steps(hangs("one")), plan(one={"scope": [REFERENCE]}), [hidden("group")], {})
    assert found == ("scope comes from lower.group, which is not known yet", "lower updates group (a:b:G)")


def test_the_chain_goes_through_resources_of_the_stack_to_the_other_stack() -> None:
    made = plan(one={"scope": [urn("two")]}, two={"scope": [urn("three")]}, three={"scope": [REFERENCE]})
    found = chain(urn("one"), steps(hangs("one"), hangs("two"), hangs("three", "update")), made, [hidden("group")], {})
    assert found == (
        "scope comes from two (a:b:C), which may be replaced",
        "scope comes from three (a:b:C), which is updated",
        "scope comes from lower.group, which is not known yet",
        "lower updates group (a:b:G)",
    )


def test_the_chain_ends_where_something_is_sure_to_change() -> None:
    two = step("two", "replace", keys=("location",), new={"location": "n"})
    found = chain(urn("one"), steps(hangs("one"), two), plan(one={"scope": [two.urn]}), [], {})
    assert found == ("scope comes from two (a:b:C), which is replaced",)


def test_the_chain_ends_at_a_resource_that_is_new() -> None:
    made = plan(steps={"new": ["create"]}, one={"scope": [urn("new")]})
    assert chain(urn("one"), steps(hangs("one")), made, [], {}) == ("scope comes from new (a:b:C), which is created",)


def test_what_stays_as_it_is_is_no_reason() -> None:
    made = plan(steps={"same": ["same"]}, one={"scope": [urn("same"), urn("gone"), urn("two")]})
    found = chain(urn("one"), steps(hangs("one"), step("two", "update")), made, [], {})
    assert found == ("scope comes from two (a:b:C), which is updated",)


def test_what_is_known_is_no_reason() -> None:
    one = step("one", "update", changed=("tags",), new={"tags": {"a": "b"}})
    assert chain(urn("one"), steps(one, step("two", "update")), plan(one={"tags": [urn("two")]}), [], {}) == ()


def test_an_input_that_forces_a_replacement_comes_first() -> None:
    one = step("one", keys=("scope",), changed=("tags", "scope"), new={"scope": UNKNOWN, "tags": UNKNOWN})
    made = plan(one={"tags": [urn("two")], "scope": [urn("three")]})
    found = chain(urn("one"), steps(one, step("two", "update"), step("three", "update")), made, [], {})
    assert found == ("scope comes from three (a:b:C), which is updated",)


def test_what_hangs_on_something_that_is_replaced_may_be_replaced_with_it() -> None:
    follows = step("one")
    made = plan(one={"b": [urn("two")], "a": [urn("three")]}, two={"scope": [REFERENCE]})
    found = chain(urn("one"), steps(follows, hangs("two"), step("three", "update")), made, [hidden("group")], {})
    assert found[0] == "b comes from two (a:b:C), which may be replaced"
    assert found[-1] == "lower updates group (a:b:G)"


def test_what_is_deleted_is_told_as_deleted() -> None:
    made = plan(one={"scope": [urn("two")]})
    assert chain(urn("one"), steps(hangs("one"), step("two", "delete")), made, [], {}) == (
        "scope comes from two (a:b:C), which is deleted",
    )


def test_a_resource_that_nothing_is_planned_for_has_no_reasons() -> None:
    assert chain(urn("one"), {}, plan(), [hidden("group")], {}) == ()


def test_the_output_whose_last_value_the_input_has_is_named() -> None:
    outputs = [
        hidden("first", "first-value"),
        hidden("second", "second-value", "lower replaces it"),
        hidden("short", "s"),
    ]
    last = {urn("one"): {"scope": {"deep": ["/prefix/second-value/suffix"]}}}
    found = chain(urn("one"), steps(hangs("one")), plan(one={"scope": [REFERENCE]}), outputs, last)
    assert found == ("scope comes from lower.second, which is not known yet", "lower replaces it")


def test_where_it_cannot_be_told_a_few_are_named_and_the_rest_counted() -> None:
    outputs = [hidden(name, f"value-of-{name}") for name in "abcde"]
    one, made = steps(hangs("one")), plan(one={"scope": [REFERENCE]})
    assert chain(urn("one"), one, made, outputs, {})[0] == (
        "scope comes from lower.a, lower.b, lower.c or 2 more, which is not known yet"
    )
    assert (
        chain(urn("one"), one, made, outputs[:2], {})[0] == "scope comes from lower.a, lower.b, which is not known yet"
    )


def test_only_outputs_of_the_stack_that_is_read_are_named() -> None:
    outputs = [hidden("id", stack="stranger"), hidden("group")]
    found = chain(urn("one"), steps(hangs("one")), plan(one={"scope": [REFERENCE]}), outputs, {})
    assert found[0] == "scope comes from lower.group, which is not known yet"
    assert chain(urn("one"), steps(hangs("one")), plan(one={"scope": [REFERENCE]}), outputs[:1], {}) == ()


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), min_size=1))
def test_every_chain_ends_cycles_too(edges: dict[str, list[str]]) -> None:
    planned = steps(*(hangs(name) for name in edges))
    made = plan(None, **{name: {"scope": [urn(source) for source in sources]} for name, sources in edges.items()})
    for name in edges:
        found = chain(urn(name), planned, made, [], {})
        assert len(found) <= len(edges)


def test_a_long_chain_is_cut() -> None:
    names = [f"n{number}" for number in range(50)]
    made = plan(None, **{one: {"scope": [urn(two)]} for one, two in itertools.pairwise(names)})
    found = chain(urn("n0"), steps(*(hangs(name) for name in names)), made, [], {})
    assert 3 <= len(found) <= 10


def change(name: str, certain: Kind | None, possible: Kind | None = None) -> ResourceChange:
    return ResourceChange(urn=f"urn:pulumi:prod::lower::a:b:C::{name}", certain=certain, possible=possible)


def checkpoint(**resources: dict[str, Any]) -> dict[str, Any]:
    made = [{"urn": change(name, None).urn, "type": "a:b:C", **fields} for name, fields in resources.items()]
    return {"version": 3, "checkpoint": {"latest": {"resources": made}}}


@pytest.mark.parametrize(
    ("certain", "possible", "said"),
    [
        ("update", None, "lower updates one (a:b:C)"),
        ("create", None, "lower creates one (a:b:C)"),
        ("replace", None, "lower replaces one (a:b:C)"),
        ("delete", None, "lower deletes one (a:b:C)"),
        (None, "replace", "lower may replace one (a:b:C)"),
        (None, "update", "lower may update one (a:b:C)"),
    ],
)
def test_the_resource_whose_output_it_was_is_the_origin(certain: Kind | None, possible: Kind | None, said: str) -> None:
    state = checkpoint(two={"id": "other-id"}, one={"id": "/subscriptions/one", "outputs": {"name": "one"}})
    touched = [change("two", "replace"), change("one", certain, possible)]
    assert origin("lower", {"deep": "/subscriptions/one"}, state, touched) == said


def test_an_output_in_the_outputs_of_a_resource_counts_too() -> None:
    state = checkpoint(two={"id": "two-two"}, one={"outputs": {"properties": {"keys": ["long-enough"]}}})
    assert origin("lower", "long-enough", state, [change("two", "replace"), change("one", "update")]) == (
        "lower updates one (a:b:C)"
    )


def test_a_short_value_tells_nothing_so_the_strongest_change_is_named_with_the_number_of_others() -> None:
    state = checkpoint(one={"id": "short"})
    touched = [change("one", "update"), change("two", "replace"), change("three", "update")]
    assert origin("lower", "short", state, touched) == "lower replaces two (a:b:C) and changes 2 more"
    assert origin("lower", None, None, touched[:1]) == "lower updates one (a:b:C)"


def test_a_stack_in_which_no_resource_changes_has_it_changed() -> None:
    assert origin("lower", "x", checkpoint(one={"id": "x"}), []) == "lower has it changed"
