"""What the engine says of a violated plan is told without one of the values that it prints.

The messages have the engine's format (pulumi/pkg resource/deploy/plan.go: PlanDiff.MakeError, step_generator.go).
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.plan_violation import is_about_steps, is_violation, without_values

URN = "urn:pulumi:prod::lower::azure-native:keyvault:Secret::token"
SAID = "token (azure-native:keyvault:Secret)"
STEPS = "update is not allowed by the plan: this resource is constrained to same"
UNSEEN = f"expected resource operations for {URN} but none were seen"
PROPERTIES = {URN: ("properties", "tags")}

MARKERS = [
    "~~",
    "++",
    "--",
    "==",
    "~+",
    "+~",
    ", ",
    "\n",
    "[",
    "]",
    "{",
    "}",
    "!=",
    "violates plan: ",
    "output<",
    "map[",
]
secrets = st.lists(
    st.one_of(
        st.text("abcxyz0189=/+~-[]{}!, \n\"'", min_size=1, max_size=6),
        st.sampled_from(MARKERS),
    ),
    max_size=6,
).map(lambda parts: f"pl4nt3d{''.join(parts)}pl4nt3d")
names = st.sampled_from(["properties", "tags", "vaultName", "pl4nt"])
operations = st.tuples(st.sampled_from("+~-="), st.sampled_from("+~-=")).map("".join)


def goal(what: str, urn: str = URN) -> str:
    return f"resource {urn} violates plan: {what}"


@st.composite
def property_messages(draw: st.DrawFn) -> str:
    """A message of the engine about properties, with planted values."""
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(["{0}", "{0}!={1}", "{{{0}}}!={{{1}}}", "&{{{0}}}"]))
        value = f"[{shape.format(draw(secrets), draw(secrets))}]" if draw(st.booleans()) else ""
        parts.append(f"{draw(operations)}{draw(names)}{value}")
    return goal(f"properties changed: {', '.join(parts)}")


@given(property_messages())
def test_no_value_comes_through(message: str) -> None:
    assert is_violation(message)
    assert not is_about_steps(message)
    said = without_values(message, "", PROPERTIES)
    assert "pl4nt" not in said
    assert "\n" not in said
    assert re.fullmatch(
        re.escape(f"{SAID} is not as in the plan: properties changed")
        + r"(: (properties|tags)(, (properties|tags))?)?",
        said,
    )


@given(secrets, st.lists(names, max_size=3))
def test_only_known_names_of_that_resource_are_said(secret: str, known: list[str]) -> None:
    message = goal(f"properties changed: ~~tags[{secret}!={secret}]")
    said = without_values(message, URN, {URN: known, "urn:pulumi:prod::lower::a:b:C::other": ["vaultName"]})
    assert said.endswith(": tags" if "tags" in known else "properties changed")


def test_properties_are_named_once_in_their_order() -> None:
    message = goal("properties changed: ~~tags[{a}!={b}], =~properties[{c}], +-tags[{d}]")
    assert without_values(message, "", PROPERTIES) == (
        f"{SAID} is not as in the plan: properties changed: tags, properties"
    )


def test_what_the_engine_says_of_outputs_has_no_urn_in_it() -> None:
    message = "resource violates plan: properties changed: ~~word[{pl4nted}!={other}]"
    root = "urn:pulumi:prod::lower::pulumi:pulumi:Stack::lower-prod"
    assert is_violation(message)
    assert not is_about_steps(message)
    assert without_values(message, root, {root: ["word"]}) == (
        "lower-prod (pulumi:pulumi:Stack) is not as in the plan: properties changed: word"
    )
    assert without_values(message, "", {}) == "a resource is not as in the plan: properties changed"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("resource kind changed (expected component)", "resource kind changed"),
        ("resource unexpectedly not deleted", "resource unexpectedly not deleted"),
        ("parent changed (expected urn:pulumi:prod::lower::a:b:C::pl4nted)", "parent changed"),
        ("protect changed (expected true)", "protect changed"),
        ("importID changed (expected pl4nted)", "importID changed"),
        ("provider changed (expected urn:pulumi:prod::lower::a:b:C::p::pl4nted)", "provider changed"),
        ("ignoreChanges changed: added pl4nted", "ignoreChanges changed"),
        ("dependencies changed: removed urn:pl4nted", "dependencies changed"),
        ("dependencies for tags changed: removed urn:pl4nted", "dependencies for tags changed"),
        ("create timeout changed (expected 12)", "create timeout changed"),
    ],
)
def test_what_else_a_resource_may_not_become_is_said_without_what_was_expected(what: str, said: str) -> None:
    message = goal(what)
    assert is_violation(message)
    assert not is_about_steps(message)
    assert without_values(message, URN, PROPERTIES) == f"{SAID} is not as in the plan: {said}"


@pytest.mark.parametrize(
    "tail",
    [
        "no more steps were expected for this resource",
        "this resource is constrained to same",
        "no steps were expected for this resource",
    ],
)
@pytest.mark.parametrize("op", ["create", "update", "delete", "replace", "create-replacement", "delete-replaced"])
def test_a_step_that_is_not_in_the_plan_is_named_with_its_resource(op: str, tail: str) -> None:
    message = f"{op} is not allowed by the plan: {tail}"
    assert is_violation(message)
    assert is_about_steps(message)
    assert without_values(message, URN, {}) == f"{SAID}: {op} is not in the plan"
    assert without_values(message, "", {}) == f"a resource: {op} is not in the plan"


def test_a_change_that_did_not_come_is_named_by_the_resource_in_the_message() -> None:
    other = "urn:pulumi:prod::lower::pulumi:pulumi:Stack::lower-prod"
    assert is_violation(UNSEEN)
    assert is_about_steps(UNSEEN)
    assert without_values(UNSEEN, other, {}) == f"{SAID} did not change, and the plan says that it does"


def test_the_resource_of_the_message_counts_and_not_the_one_of_the_diagnostic() -> None:
    root = "urn:pulumi:prod::lower::pulumi:pulumi:Stack::lower-prod"
    assert without_values(goal("properties changed: ~~tags[x]"), root, PROPERTIES).startswith(SAID)


@pytest.mark.parametrize(
    "message",
    ["", "update failed", 'Code="X" Message="the plan is not allowed"', "resource is in the plan: none", "plan: x"],
)
def test_other_messages_are_none_of_the_plans(message: str) -> None:
    assert not is_violation(message)
    assert not is_about_steps(message)


@pytest.mark.parametrize(
    "value",
    [
        "pl4nted is not allowed by the plan: ",
        "expected resource operations for urn:pulumi:p::l::a:b:C::pl4nted but none were seen",
        "expected resource operations for urn:pl4nted but none were seen",
    ],
)
def test_a_value_that_looks_like_another_message(value: str) -> None:
    message = f"resource {URN} violates plan: properties changed: ~~tags[{{{value}}}!={{y}}]"
    assert "pl4nted" not in without_values(message, URN, {})
    assert not is_about_steps(message)


def test_a_resource_with_a_space_in_its_name() -> None:
    message = f"resource {URN} two violates plan: properties changed: ~~tags[{{pl4nted}}!={{y}}]"
    assert is_violation(message)
    assert "pl4nted" not in without_values(message, "", {})


@pytest.mark.parametrize("before", ["", "    error: ", "lower:  ", " ~  a:b:C group  1 error; "])
def test_a_printed_line_is_recognised_wherever_the_message_stands(before: str) -> None:
    assert is_violation(f"{before}resource {URN} violates plan: properties changed: ~~tags[{{x}}]")
    assert is_violation(f"{before}update is not allowed by the plan: this resource is constrained to same")
    assert not is_violation(f"{before}updating")
