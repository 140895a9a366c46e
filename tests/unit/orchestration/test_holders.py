"""Who reads from a stack, and what is protected, by the state alone."""

from typing import Any

from shared.orchestration.holders import protected_in_state, readers_in_state


def resource(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::s::{kind}::{name}", "type": kind, **more}


def checkpoint(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "checkpoint": {"latest": {"resources": list(resources)}}}


def reference(stack: str, environment: str = "dev") -> dict[str, Any]:
    return resource("pulumi:pulumi:StackReference", f"organization/{stack}/{environment}")


def test_readers_are_those_whose_state_holds_a_reference() -> None:
    found = readers_in_state(
        {
            "a": checkpoint(),
            "b": checkpoint(reference("a"), resource("x:y:Z", "organization/a/dev")),
            "gone": checkpoint(reference("a"), reference("b")),
            "other": checkpoint(reference("a", "prod")),
        },
        "dev",
    )
    assert found == {"a": ("b", "gone"), "b": ("gone",)}


def test_protected_resources_are_named_by_stack() -> None:
    known = {
        "a": checkpoint(resource("x:y:Z", "two", protect=True), resource("x:y:Z", "one", protect=True)),
        "b": checkpoint(resource("x:y:Z", "free", protect=False), resource("x:y:Z", "plain")),
    }
    assert protected_in_state(known) == {"a": ("one", "two")}
