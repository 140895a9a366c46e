"""What becomes of a checkpoint when pending operations are resolved."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.pending_operations.model import PendingOperation, Result
from shared.pending_operations.state_edit import Finding, agreed, resolved

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(SECRET),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:e::s::t::{name}", "type": "t", "custom": True, "id": f"id-{name}", **more}


def checkpoint(resources: Sequence[Any], *pending: Any) -> dict[str, Any]:
    latest = {"resources": list(resources), "pending_operations": list(pending)}
    return {"version": 3, "checkpoint": {"stack": "s", "latest": latest}}


def after(resources: Sequence[Any], operation: str, resource: Any, result: Result, found: Any = None) -> list[Any]:
    pending = PendingOperation(stack="s", operation=operation, resource=resource)
    finding = Finding(operation=pending, result=result, found=found)
    said = resolved(checkpoint(resources, {"type": operation, "resource": resource}), [finding])
    latest = said["checkpoint"]["latest"]
    assert "pending_operations" not in latest
    return latest["resources"]


def new(name: str, **more: Any) -> dict[str, Any]:
    return {key: value for key, value in entry(name, inputs={"a": 1}, **more).items() if key != "id"}


def test_what_was_created_stands_behind_what_it_needs_and_before_what_needs_it() -> None:
    parent, old = entry("parent"), entry("old")
    user = entry("user", dependencies=[entry("new")["urn"]])
    wanted = new("new", parent=parent["urn"], provider=f"{entry('provider')['urn']}::p")
    found = {"id": "id-new", "inputs": {"a": 1, "b": 2}, "outputs": {"a": 1, "c": 3}}
    now = after([parent, entry("provider"), old, user], "creating", wanted, "adopted", found)
    assert [one["id"] for one in now] == ["id-parent", "id-provider", "id-new", "id-old", "id-user"]
    assert now[2] == {**wanted, "id": "id-new", "inputs": {"a": 1}, "outputs": {"a": 1, "c": 3}}


def test_what_it_replaces_first_is_to_be_deleted() -> None:
    now = after([entry("root"), entry("a")], "creating", new("a"), "adopted", {"id": "id-2"})
    assert [(one["id"], one.get("delete", False)) for one in now[1:]] == [("id-2", False), ("id-a", True)]


def test_what_was_deleted_to_be_made_anew_leaves_the_state() -> None:
    now = after([entry("a", pendingReplacement=True)], "creating", new("a"), "adopted", {"id": "id-2"})
    assert [one["id"] for one in now] == ["id-2"]


def test_what_was_not_created_is_nowhere() -> None:
    assert after([entry("a")], "creating", new("b"), "absent") == [entry("a")]
    assert after([entry("a")], "creating", new("a"), "absent") == [entry("a")]


def test_what_was_updated_is_as_the_cloud_has_it_as_far_as_the_program_says() -> None:
    held = entry("a", inputs={"x": 1, "y": 1}, outputs={"x": 1})
    found = {"id": "id-a", "inputs": {"x": 2, "z": 3}, "outputs": {"x": 2, "z": 3}}
    now = after([entry("a", delete=True, id="id-0"), held], "updating", new("a"), "read again", found)
    assert now[0] == entry("a", delete=True, id="id-0")
    assert now[1] == {**held, "inputs": {"x": 2, "y": 1}, "outputs": {"x": 2, "z": 3}}


def test_what_is_gone_is_made_anew_or_forgotten_by_the_engine() -> None:
    user = entry("user", dependencies=[entry("a")["urn"]])
    now = after([entry("a"), user], "deleting", entry("a"), "gone")
    assert now == [entry("a", pendingReplacement=True), user]


def test_what_is_gone_and_was_replaced_leaves_the_state() -> None:
    old, live = entry("a", id="id-0", delete=True), entry("a")
    assert after([live, old], "deleting", old, "gone") == [live]


def test_what_is_to_be_deleted_again_stays() -> None:
    assert after([entry("a")], "deleting", entry("a"), "to delete again", entry("a")) == [entry("a")]


@given(VALUES)
def test_what_agrees_stays_as_it_was_said(value: Any) -> None:
    assert agreed(value, value) == value
    assert agreed(value, None) == value


@given(
    st.dictionaries(st.text(max_size=3), VALUES, max_size=3), st.dictionaries(st.text(max_size=3), VALUES, max_size=3)
)
def test_nothing_that_the_program_does_not_say_comes_in(said: dict[str, Any], seen: dict[str, Any]) -> None:
    assert set(agreed(said, seen)) == set(said)


def test_a_secret_stays_the_ciphertext_that_was_said() -> None:
    assert agreed({"a": SECRET}, {"a": {**SECRET, "ciphertext": "v1:other"}}) == {"a": SECRET}


def test_other_values_of_the_cloud_come_in() -> None:
    assert agreed({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3, "c": 4}]}) == {"a": [1, {"b": 3}]}
    assert agreed({"a": [1]}, {"a": [1, 2]}) == {"a": [1, 2]}
