"""A stack is left out of a preview only where nothing that it is made of or reads has changed."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.affected.fingerprint_model import Fingerprint
from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN
from shared.orchestration.untouched import Look, consumed_hash, is_untouched
from shared.state_store.deployed import DeployedRecord

SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
PUBLISHED: dict[str, dict[str, Any]] = {
    "lower": {"id": "one", "word": SECRET, "map": {"a": 1}, "unread": "x"},
    "stranger": {"id": "x"},
}
MADE_OF = Fingerprint(
    stack="upper",
    environment="prod",
    sources={"stacks/upper/program.py": "a" * 64},
    values={"storage.sku": "b" * 64},
    versions={"pulumi": "3.259.0"},
)
LOOK = Look(
    fingerprint=MADE_OF,
    consumes={"lower": ("id", "map", "word"), "other": ("id",)},
    settings={"upper:token": {"secure": "v1:abc"}},
    checkpoint="c" * 64,
)


def record(**fields: Any) -> DeployedRecord:
    found: dict[str, Any] = {
        "stack": "upper",
        "environment": "prod",
        "fingerprint": MADE_OF.to_json(),
        "consumed": consumed_hash(LOOK, PUBLISHED),
        "checkpoint": "c" * 64,
        "commit": None,
        "time": "2026-11-21T17:00:00Z",
    }
    return DeployedRecord(**{**found, **fields})


def publishing(**outputs: Any) -> dict[str, dict[str, Any]]:
    return {**PUBLISHED, "lower": {**PUBLISHED["lower"], **outputs}}


def test_a_stack_that_is_as_it_was_deployed_is_untouched() -> None:
    assert is_untouched(LOOK, record(), PUBLISHED)


def test_a_stack_without_a_record_or_without_a_state_is_touched() -> None:
    assert not is_untouched(LOOK, None, PUBLISHED)
    assert not is_untouched(dataclasses.replace(LOOK, checkpoint=None), record(), PUBLISHED)


@pytest.mark.parametrize(
    "fields",
    [
        {"checkpoint": "d" * 64},
        {"consumed": None},
        {"consumed": "d" * 64},
        {"fingerprint": None},
        {"fingerprint": "no fingerprint"},
        {"fingerprint": "{}"},
        {"fingerprint": {"stack": "upper"}},
        {"fingerprint": dataclasses.replace(MADE_OF, stack="lower").to_json()},
        {"fingerprint": dataclasses.replace(MADE_OF, environment="dev").to_json()},
    ],
)
def test_any_difference_of_the_record_makes_it_touched(fields: dict[str, Any]) -> None:
    assert not is_untouched(LOOK, record(**fields), PUBLISHED)


@pytest.mark.parametrize("field", ["sources", "values", "versions"])
def test_any_difference_of_what_it_is_made_of_makes_it_touched(field: str) -> None:
    was = getattr(MADE_OF, field)
    for now in ({}, dict.fromkeys(was, "other"), {**was, "new": "e" * 64}):
        made_of = dataclasses.replace(MADE_OF, **{field: now})
        assert not is_untouched(dataclasses.replace(LOOK, fingerprint=made_of), record(), PUBLISHED)


@pytest.mark.parametrize(
    "settings", [{}, {"upper:token": {"secure": "v1:other"}}, {"upper:token": {"secure": "v1:abc"}, "upper:new": 1}]
)
def test_any_difference_of_its_settings_makes_it_touched(settings: dict[str, Any]) -> None:
    assert not is_untouched(dataclasses.replace(LOOK, settings=settings), record(), PUBLISHED)


@pytest.mark.parametrize(
    "outputs",
    [
        {"id": "two"},
        {"id": UNKNOWN},
        {"id": None},
        {"id": ["one"]},
        {"map": {"a": UNKNOWN}},
        {"map": {"a": 1, "b": 1}},
        {"word": {**SECRET, "ciphertext": "v1:other"}},
        {"word": "in clear"},
    ],
)
def test_any_difference_of_what_it_reads_makes_it_touched(outputs: dict[str, Any]) -> None:
    assert not is_untouched(LOOK, record(), publishing(**outputs))


def test_an_upstream_or_output_that_came_or_went_makes_it_touched() -> None:
    without = {name: value for name, value in PUBLISHED["lower"].items() if name != "id"}
    assert not is_untouched(LOOK, record(), {**PUBLISHED, "lower": without})
    assert not is_untouched(LOOK, record(), {**PUBLISHED, "other": {"id": "came"}})
    assert not is_untouched(LOOK, record(), {})


def test_reading_more_or_less_makes_it_touched() -> None:
    for consumes in ({"lower": ("id",)}, {**LOOK.consumes, "lower": ("id", "map", "unread", "word")}, {}):
        assert not is_untouched(dataclasses.replace(LOOK, consumes=consumes), record(), PUBLISHED)


def test_what_it_does_not_read_does_not_touch_it() -> None:
    assert is_untouched(LOOK, record(), publishing(unread="other", new=1))
    assert is_untouched(LOOK, record(), {**PUBLISHED, "stranger": {"id": "other"}})


@given(st.dictionaries(st.sampled_from("ab"), st.text("xy", max_size=2)), st.permutations(["a", "b"]))
def test_the_order_of_outputs_means_nothing(outputs: dict[str, str], order: list[str]) -> None:
    look = dataclasses.replace(LOOK, consumes={"lower": ("a", "b")})
    again = {name: outputs[name] for name in order if name in outputs}
    assert consumed_hash(look, {"lower": outputs}) == consumed_hash(look, {"lower": again})


def test_the_hash_tells_nothing_of_what_was_read() -> None:
    assert len(consumed_hash(LOOK, publishing(id="planted"))) == 64
