"""A secret that may not be known counts as unknown."""

from typing import Any

import pytest

from shared.orchestration.losses import PlannedStep
from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.veil import lifted

URN = "urn:pulumi:prod::s::a:b:C::one"
OTHER = "urn:pulumi:prod::s::a:b:C::two"
REFERENCE = "urn:pulumi:prod::s::pulumi:pulumi:StackReference::organization/lower/prod"


def step(value: Any) -> PlannedStep:
    return PlannedStep(
        urn=URN, type="a:b:C", kind="update", id="/x/one", changed=("word",), old={"word": "old"}, new={"word": value}
    )


def plan(source: str) -> dict[str, Any]:
    return {"resourcePlans": {URN: {"goal": {"propertyDependencies": {"word": [source]}}, "steps": ["update"]}}}


@pytest.mark.parametrize("value", ["[secret]", {"inner": ["[secret]"]}, "prefix-[secret]"])
def test_a_secret_from_what_changes_is_unknown(value: Any) -> None:
    (found,) = lifted([step(value)], plan(OTHER), {OTHER})
    assert found.new == {"word": UNKNOWN}
    assert found.least == "same"


def test_a_secret_from_what_stays_is_known() -> None:
    (found,) = lifted([step("[secret]")], plan(OTHER), set())
    assert found.least == "update"


def test_a_plain_value_is_known_wherever_it_comes_from() -> None:
    (found,) = lifted([step("plain")], plan(OTHER), {OTHER})
    assert found.least == "update"


@pytest.mark.parametrize(("veiled", "least"), [({"lower"}, "same"), ({"upper"}, "update"), (set[str](), "update")])
def test_a_secret_of_an_upstream_is_unknown_where_that_is_said(veiled: set[str], least: str) -> None:
    (found,) = lifted([step("[secret]")], plan(REFERENCE), set(), veiled)
    assert found.least == least
