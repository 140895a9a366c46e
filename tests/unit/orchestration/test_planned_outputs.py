"""What a stack is planned to publish, as its downstreams read it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.planned_outputs import (
    UNKNOWN,
    exists,
    holds_unknown,
    last_known,
    outputs_of_checkpoint,
    outputs_of_plan,
    synthetic_checkpoint,
    with_outputs,
)

ROOT = "urn:pulumi:prod::lower::pulumi:pulumi:Stack::lower-prod"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
PROVIDER = {"type": "passphrase", "state": {"salt": "v1:x"}}

leaves = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.just(UNKNOWN))
values = st.recursive(leaves, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8)
outputs = st.dictionaries(st.text(max_size=4), values, max_size=4)


def checkpoint(**published: Any) -> dict[str, Any]:
    return synthetic_checkpoint("lower", "prod", PROVIDER, published)


def test_planned_outputs_are_those_of_the_root() -> None:
    plan = {"resourcePlans": {ROOT: {"state": {"id": UNKNOWN}}, "urn:other": {"state": {"id": 1}}}}
    assert outputs_of_plan(plan, "lower", "prod") == {"id": UNKNOWN}
    with pytest.raises(KeyError):
        outputs_of_plan(plan, "upper", "prod")


def test_a_stack_that_publishes_nothing_has_no_outputs() -> None:
    assert outputs_of_plan({"resourcePlans": {ROOT: {"state": None}}}, "lower", "prod") == {}


def test_a_stack_that_does_not_exist_gets_a_checkpoint_with_its_secrets_provider() -> None:
    made = checkpoint(token=SECRET)
    assert exists(made)
    assert outputs_of_checkpoint(made) == {"token": SECRET}
    assert made["checkpoint"]["latest"]["secrets_providers"] == PROVIDER
    assert made["checkpoint"]["stack"] == "organization/lower/prod"


@pytest.mark.parametrize("nothing", [None, {"checkpoint": {"latest": None}}, {"checkpoint": {"latest": {}}}])
def test_an_empty_checkpoint_is_no_stack(nothing: Any) -> None:
    assert not exists(nothing)
    assert outputs_of_checkpoint(nothing) == {}


@given(outputs, outputs)
def test_only_the_outputs_of_the_root_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    made = checkpoint(**before)
    made["checkpoint"]["latest"]["resources"].append({"type": "a:b:C", "outputs": {"x": 1}})
    changed = with_outputs(made, after)
    assert outputs_of_checkpoint(changed) == after
    assert outputs_of_checkpoint(made) == before
    assert changed["checkpoint"]["latest"]["resources"][1:] == made["checkpoint"]["latest"]["resources"][1:]


@given(outputs)
def test_what_is_known_stays(planned: dict[str, Any]) -> None:
    assert last_known(planned, {}) == planned
    assert last_known(planned, planned) == planned


@given(outputs.filter(lambda each: not holds_unknown(each)))
def test_what_is_unknown_becomes_what_it_was(deployed: dict[str, Any]) -> None:
    assert last_known(dict.fromkeys(deployed, UNKNOWN), deployed) == deployed


def test_each_leaf_is_decided_on_its_own() -> None:
    planned = {"a": {"x": UNKNOWN, "y": "new", "z": UNKNOWN}, "b": UNKNOWN}
    assert last_known(planned, {"a": {"x": "old", "y": "old"}}) == {
        "a": {"x": "old", "y": "new", "z": UNKNOWN},
        "b": UNKNOWN,
    }
