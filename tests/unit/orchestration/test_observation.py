"""What the engine's events say."""

from typing import Any

from pulumi.automation import EngineEvent

from shared.orchestration.job import Changes, Operation
from shared.orchestration.observation import Observation


def step(kind: str, op: str, type_: str, name: str) -> EngineEvent:
    urn = f"urn:pulumi:prod::s::{type_}::{name}"
    metadata: dict[str, Any] = {"op": op, "urn": urn, "type": type_, "provider": "p"}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, kind: {"metadata": metadata}})


def diagnostic(message: str, urn: str = "", severity: str = "error") -> EngineEvent:
    said = {"message": message, "color": "never", "severity": severity, "urn": urn}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "diagnosticEvent": said})


def observed(operation: Operation, *events: EngineEvent) -> tuple[Observation, list[tuple[int, str]]]:
    done: list[tuple[int, str]] = []
    observation = Observation(operation, lambda count, what: done.append((count, what)))
    for event in events:
        observation.hear(event)
    return observation, done


def test_an_update_counts_what_is_done_not_what_began() -> None:
    observation, done = observed(
        "up",
        step("resourcePreEvent", "create", "a:b:C", "one"),
        step("resourcePreEvent", "create", "a:b:C", "two"),
        step("resOutputsEvent", "create", "a:b:C", "one"),
        step("resOutputsEvent", "same", "a:b:C", "three"),
        step("resOutputsEvent", "delete", "a:b:C", "four"),
    )
    assert observation.changes == Changes(create=1, same=1, delete=1)
    assert done == [(1, "a:b:C one"), (2, "a:b:C three"), (3, "a:b:C four")]


def test_a_preview_counts_what_would_be_done() -> None:
    observation, _ = observed(
        "preview",
        step("resourcePreEvent", "update", "a:b:C", "one"),
        step("resourcePreEvent", "same", "a:b:C", "two"),
    )
    assert observation.changes == Changes(update=1, same=1)


def test_the_three_steps_of_a_replacement_are_one_replacement() -> None:
    for order in (
        ("create-replacement", "replace", "delete-replaced"),
        ("delete-replaced", "replace", "create-replacement"),
    ):
        observation, _ = observed("up", *(step("resOutputsEvent", op, "a:b:C", "one") for op in order))
        assert observation.changes == Changes(replace=1)


def test_stack_references_are_not_resources_but_remembered() -> None:
    reference = "pulumi:pulumi:StackReference"
    observation, _ = observed(
        "up",
        step("resourcePreEvent", "read", reference, "organization/identity/prod"),
        step("resOutputsEvent", "read", reference, "organization/identity/prod"),
        step("resOutputsEvent", "create", "pulumi:providers:pulumi", "default"),
    )
    assert observation.references == {"identity"}
    assert observation.changes == Changes()


def test_a_reference_that_is_let_go_was_not_read() -> None:
    reference = ("pulumi:pulumi:StackReference", "organization/gone/prod")
    observation, _ = observed("up", *(step("resourcePreEvent", op, *reference) for op in ("delete", "discard")))
    assert observation.references == frozenset()


def test_the_reason_is_the_first_telling_error_with_its_resource() -> None:
    observation, _ = observed(
        "up",
        diagnostic("update failed"),
        diagnostic("careful", severity="warning"),
        diagnostic('<{%reset%}>Code="X" Message="no"\n<{%reset%}>', "urn:pulumi:prod::s::a:b:P$a:b:C::one"),
        diagnostic("later"),
    )
    assert observation.reason == 'one (a:b:C): Code="X" Message="no"'


def test_a_missing_upstream_is_told_as_a_broken_contract() -> None:
    observation, _ = observed("up", diagnostic('unknown stack "organization/identity/prod"'))
    assert "stack identity in environment prod" in observation.reason
    assert "invoke deploy --env prod --stacks identity" in observation.reason


def test_nothing_wrong_is_no_reason() -> None:
    assert observed("up")[0].reason == ""
