"""What the engine's events say."""

from typing import Any

import pytest
from pulumi.automation import EngineEvent

from shared.orchestration.job import Changes, Operation
from shared.orchestration.observation import Observation
from shared.orchestration.resource_changes import PropertyChange
from shared.orchestration.resource_steps import ResourceStep


def step(kind: str, op: str, type_: str, name: str) -> EngineEvent:
    urn = f"urn:pulumi:prod::s::{type_}::{name}"
    metadata: dict[str, Any] = {"op": op, "urn": urn, "type": type_, "provider": "p"}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, kind: {"metadata": metadata}})


def diagnostic(message: str, urn: str = "", severity: str = "error") -> EngineEvent:
    said = {"message": message, "color": "never", "severity": severity, "urn": urn}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "diagnosticEvent": said})


def observed(operation: Operation, *events: EngineEvent) -> tuple[Observation, list[tuple[int, str]]]:
    done: list[tuple[int, str]] = []

    def note(count: int, step: ResourceStep) -> None:
        if step.state == "done":
            done.append((count, f"{step.type} {step.name}"))

    observation = Observation(operation, note)
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


ONE = "urn:pulumi:prod::s::a:b:C::one"
STEP = "replace is not allowed by the plan: this resource is constrained to update"
UNSEEN = f"expected resource operations for {ONE} but none were seen"
VALUE = f"resource {ONE} violates plan: properties changed: ~~tags[{{planted-secret}}!={{other}}]"


def previewed_step(op: str, *, custom: bool = True, retained: bool = False, **fields: Any) -> EngineEvent:
    def state(inputs: dict[str, Any]) -> dict[str, Any]:
        common = {"type": "a:b:C", "urn": ONE, "id": "/one", "parent": "", "provider": "p"}
        return {**common, "custom": custom, "retainOnDelete": retained, "inputs": inputs, "outputs": {}}

    metadata: dict[str, Any] = {"op": op, "urn": ONE, "type": "a:b:C", "provider": "p", **fields}
    shown = {**metadata, **{name: state(metadata[name]) for name in ("old", "new") if name in metadata}}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": shown}})


def summary() -> EngineEvent:
    said = {"maybeCorrupt": False, "durationSeconds": 1, "resourceChanges": {}, "PolicyPacks": {}}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "summaryEvent": said})


def planned_update(*events: EngineEvent) -> Observation:
    observation = Observation("up", lambda *_: None, previews_first=True, properties={ONE: ["tags"]})
    for event in events:
        observation.hear(event)
    return observation


def test_the_engines_own_preview_counts_for_nothing() -> None:
    heard: list[int] = []
    observation = Observation("up", lambda count, _step: heard.append(count), previews_first=True)
    for event in (
        step("resOutputsEvent", "update", "a:b:C", "one"),
        step("resOutputsEvent", "create", "a:b:C", "two"),
        summary(),
        step("resOutputsEvent", "same", "a:b:C", "one"),
        summary(),
        step("resOutputsEvent", "update", "a:b:C", "two"),
    ):
        observation.hear(event)
    assert observation.changes == Changes(same=1, update=1)
    assert heard == [1, 2]


def test_without_its_own_preview_everything_counts() -> None:
    observation, done = observed("up", step("resOutputsEvent", "update", "a:b:C", "one"), summary())
    assert (observation.changes, len(done)) == (Changes(update=1), 1)


def test_what_is_read_in_the_engines_own_preview_is_read() -> None:
    reference = ("pulumi:pulumi:StackReference", "organization/lower/prod")
    assert planned_update(step("resourcePreEvent", "read", *reference)).references == {"lower"}


@pytest.mark.parametrize(
    ("messages", "by_plan", "steps_only"),
    [
        ([], False, False),
        ([STEP], True, True),
        ([UNSEEN, STEP], True, True),
        ([VALUE], True, False),
        ([STEP, VALUE], True, False),
        ([STEP, "update failed", "error: update failed"], True, True),
        (["the cloud is full"], False, False),
        ([STEP, "the cloud is full"], False, False),
        (["the cloud is full", VALUE], False, False),
    ],
)
def test_a_refusal_by_the_plan_is_told_from_a_failure(messages: list[str], by_plan: bool, steps_only: bool) -> None:
    observation = planned_update(*(diagnostic(message, ONE) for message in messages))
    assert (observation.refused_by_plan, observation.refused_steps_only) == (by_plan, steps_only)


def test_a_warning_that_sounds_like_a_refusal_is_none() -> None:
    observation = planned_update(diagnostic(STEP, ONE, severity="warning"))
    assert (observation.refused_by_plan, observation.reason) == (False, "")


def test_a_refusal_is_told_without_values_and_colours() -> None:
    observation = planned_update(diagnostic(f"<{{%reset%}}>{VALUE}<{{%reset%}}>\n"))
    assert observation.reason == "one (a:b:C) is not as in the plan: properties changed: tags"


def test_secrets_that_cannot_be_decrypted_are_a_failure_of_whatever_severity() -> None:
    message = "eliding undecryptable secrets from stack reference"
    for severity in ("info", "info#err", "warning", "error"):
        observation, _ = observed("preview", diagnostic(message, severity=severity))
        assert observation.unreadable
        assert observation.reason.startswith("secrets of another stack cannot be decrypted here")
        assert not planned_update(diagnostic(message, severity=severity), diagnostic(STEP)).refused_by_plan
    assert not observed("preview", diagnostic("all is well"))[0].unreadable


def test_a_preview_tells_what_it_would_do_to_what_exists() -> None:
    observation, _ = observed(
        "preview",
        previewed_step("replace", old={"a": 1, "b": 1}, new={"a": 2, "b": 1}, keys=["a"], diffs=["a", "c"]),
    )
    (planned,) = observation.steps
    assert (planned.urn, planned.type, planned.kind, planned.id) == (ONE, "a:b:C", "replace", "/one")
    assert (planned.keys, planned.changed, planned.old, planned.new) == (
        ("a",), ("a", "c"), {"a": 1, "b": 1}, {"a": 2, "b": 1},
    )  # fmt: skip
    assert observation.details == {ONE: (PropertyChange(path="a", before="1", after="2"),)}


def test_properties_come_from_the_detailed_difference_where_there_is_no_other() -> None:
    detailed = {"tags.a": {"diffKind": "update", "inputDiff": True}}
    observation, _ = observed("preview", previewed_step("update", old={}, new={}, detailedDiff=detailed))
    assert observation.steps[0].changed == ("tags.a",)


def test_a_replacement_that_the_program_asks_for_is_forced_by_what_it_names() -> None:
    # The engine's keys are the provider's; `replace_on_changes` shows in the detailed difference only.
    detailed = {
        "tags.a": {"diffKind": "update-replace", "inputDiff": True},
        "b": {"diffKind": "update", "inputDiff": True},
    }
    observation, _ = observed("preview", previewed_step("replace", old={}, new={}, detailedDiff=detailed))
    assert observation.steps[0].keys == ("tags.a",)


@pytest.mark.parametrize(
    "event",
    [
        previewed_step("create", new={"a": 1}),
        previewed_step("same", old={}, new={}),
        previewed_step("update", custom=False, old={}, new={"a": 1}),
        previewed_step("delete", retained=True, old={"a": 1}),
        previewed_step("create-replacement", old={}, new={}),
    ],
)
def test_nothing_is_done_to_what_is_new_or_stays_or_is_no_resource_of_a_cloud(event: EngineEvent) -> None:
    assert observed("preview", event)[0].steps == ()


def test_a_deletion_and_a_retained_replacement_are_something() -> None:
    assert observed("preview", previewed_step("delete", old={"a": 1}))[0].steps[0].kind == "delete"
    retained = previewed_step("replace", retained=True, old={"a": 1}, new={"a": 2})
    assert observed("preview", retained)[0].steps[0].kind == "replace"


def began(op: str, name: str, *, custom: bool) -> EngineEvent:
    urn = f"urn:pulumi:prod::s::a:b:C::{name}"
    state = {"type": "a:b:C", "urn": urn, "custom": custom, "id": "", "parent": "", "provider": ""}
    metadata: dict[str, Any] = {"op": op, "urn": urn, "type": "a:b:C", "provider": "p", "new": state}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": metadata}})


def test_a_component_that_registers_no_outputs_is_done_when_it_began() -> None:
    observation, _ = observed("up", began("create", "group", custom=False), began("create", "one", custom=True))
    assert observation.changes == Changes(create=1)


def steps(operation: Operation, *events: EngineEvent, previews_first: bool = False) -> list[str]:
    """Return what is heard of steps, as "done operation name state error"."""
    heard: list[str] = []

    def note(count: int, step: ResourceStep) -> None:
        heard.append(" ".join(filter(None, [str(count), step.operation, step.name, step.state, step.error])))

    observation = Observation(operation, note, previews_first=previews_first)
    for event in events:
        observation.hear(event)
    return heard


TWO = "urn:pulumi:prod::s::a:b:P$a:b:C::two"


def test_what_takes_time_is_told_when_it_begins_and_when_it_ends() -> None:
    assert steps(
        "up",
        step("resourcePreEvent", "create", "a:b:C", "one"),
        step("resourcePreEvent", "same", "a:b:C", "three"),
        step("resourcePreEvent", "replace", "a:b:C", "four"),
        step("resourcePreEvent", "create", "pulumi:providers:aws", "eu"),
        step("resOutputsEvent", "same", "a:b:C", "three"),
        step("resOutputsEvent", "create", "a:b:C", "one"),
    ) == ["0 create one begun", "1 same three done", "2 create one done"]


def test_nothing_begins_in_a_preview_nor_in_the_engines_own() -> None:
    begun, ended = (step(kind, "create", "a:b:C", "one") for kind in ("resourcePreEvent", "resOutputsEvent"))
    assert steps("preview", begun, ended) == ["1 create one done"]
    assert steps("up", begun, ended, summary(), begun, previews_first=True) == ["0 create one begun"]


def test_a_component_takes_no_time_of_its_own() -> None:
    assert steps("up", previewed_step("create", custom=False, new={})) == []


@pytest.mark.parametrize("told_first", [True, False])
def test_a_step_that_failed_is_told_with_its_error_whichever_comes_first(told_first: bool) -> None:
    failed = step("resOpFailedEvent", "create", "a:b:P$a:b:C", "two")
    said = diagnostic("error: Code=X\n it  is no good", TWO)
    heard = steps("up", *((said, failed) if told_first else (failed, said)), diagnostic("later", TWO))
    assert heard[-1] == "0 create two failed Code=X it is no good"
    assert len(heard) == (1 if told_first else 2)
