"""An update applies what was reviewed under the engine's plan, and refuses the rest."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.automation import CommandResult, EngineEvent
from pulumi.automation.errors import create_command_error

from shared.orchestration import stack_work, update_operation
from shared.orchestration.job import Approval, StackJob, StackOutcome
from shared.orchestration.losses import PlannedStep
from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.resource_changes import Kind, ResourceChange
from shared.orchestration.update_operation import StackUpdate, planned_operations, uncertain, with_properties
from shared.plan_set.manifest import PlannedOperation

Event = dict[str, Any]


def urn(name: str) -> str:
    return f"urn:pulumi:prod::s::azure-native:resources:ResourceGroup::{name}"


def planned(
    name: str, kind: Literal["update", "replace", "delete"] = "replace", *, known: bool = True, follows: bool = False
) -> PlannedStep:
    value = "known" if known and not follows else UNKNOWN
    keys = () if follows else ("location",)
    return PlannedStep(
        urn=urn(name), type="a:b:C", kind=kind, id=name, keys=keys, changed=("location",), new={"location": value}
    )


def hanging(**sources: list[str]) -> dict[str, Any]:
    """Return a plan. sources: by resource, those that its input comes from."""
    return {
        "resourcePlans": {
            urn(name): {"goal": {"propertyDependencies": {"scope": [urn(one) for one in others]}}}
            for name, others in sources.items()
        }
    }


def calm(*steps: PlannedStep, **sources: list[str]) -> set[str]:
    return {found.rpartition("::")[2] for found in uncertain(steps, hanging(**sources))}


def test_a_replacement_that_hangs_on_something_unknown_that_is_only_updated_is_not_expected() -> None:
    assert calm(planned("a", known=False), planned("b", "update"), a=["b"]) == {"a"}


def test_a_replacement_that_is_sure_is_expected_and_what_hangs_on_it_too() -> None:
    assert calm(planned("a", known=False), planned("b"), a=["b"], b=[]) == set()
    assert calm(planned("a", known=False), planned("b", known=False), planned("c"), a=["b"], b=["c"]) == set()


def test_one_that_hangs_on_others_that_are_not_expected_is_not_either() -> None:
    assert calm(planned("a", known=False), planned("b", follows=True), planned("c"), a=["b"]) == {"a", "b"}


def test_updates_and_deletions_are_never_in_question() -> None:
    assert calm(planned("a", "update", known=False), planned("b", "delete", known=False), a=["b"]) == set()


def reached(name: str, edges: Mapping[str, list[str]]) -> set[str]:
    """Return a resource and all that it hangs on."""
    found, todo = set[str](), [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend(edges.get(one, []))
    return found


@given(
    st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcde"), max_size=3)),
    st.sets(st.sampled_from("abcde")),
)
def test_what_is_calm_hangs_on_nothing_that_is_sure(edges: dict[str, list[str]], sure: set[str]) -> None:
    steps = [planned(name, known=name in sure) for name in "abcde"]
    found = calm(*steps, **edges)
    assert not found & sure
    for name in "abcde":
        assert (name in found) is not bool(reached(name, edges) & sure)


def test_changes_get_the_names_of_the_inputs_that_change() -> None:
    change = ResourceChange(urn=urn("a"), certain="update", properties=("of before",))
    other = ResourceChange(urn=urn("b"), certain="create")
    assert with_properties([change, other], [planned("a")])[0].properties == ("location",)
    assert with_properties([change, other], [planned("a")])[1].properties == ()


def test_changes_become_operations_of_a_manifest() -> None:
    change = ResourceChange(urn=urn("a"), certain=None, possible="replace", properties=("tags",), reasons=("x",))
    assert planned_operations([change]) == (
        PlannedOperation(urn=urn("a"), certain=None, possible="replace", properties=("tags",)),
    )


# An engine that does what a test tells it.


def event(kind: str, op: str, name: str, *, old: Event | None = None, new: Event | None = None, **more: Any) -> Event:
    type_ = "azure-native:resources:ResourceGroup"
    state = {"type": type_, "urn": urn(name), "custom": True, "id": f"/g/{name}", "parent": "", "provider": "p"}
    metadata: Event = {"op": op, "urn": urn(name), "type": type_, "provider": "p", **more}
    if old is not None:
        metadata["old"] = {**state, "inputs": old, "outputs": {}}
    if new is not None:
        metadata["new"] = {**state, "inputs": new, "outputs": {}}
    return {kind: {"metadata": metadata}}


def error(message: str, name: str = "") -> Event:
    return {
        "diagnosticEvent": {"message": message, "color": "never", "severity": "error", "urn": urn(name) if name else ""}
    }


SUMMARY: Event = {
    "summaryEvent": {"maybeCorrupt": False, "durationSeconds": 1, "resourceChanges": {}, "PolicyPacks": {}}
}


class Call:
    """One call of the engine: the events of it, and whether it fails. plan: of a preview."""

    def __init__(self, *events: Event, fails: bool = False, plan: Event | None = None) -> None:
        self.events = events
        self.fails = fails
        self.plan = plan


class Engine:
    """Answers calls in their order, and remembers them: with the plan that each update was given."""

    def __init__(self, *calls: Call) -> None:
        self.calls = list(calls)
        self.heard: list[str] = []
        self.plans: list[Event] = []
        self.previews_first: list[bool] = []
        self.command: Any = None

    def opened(self, job: StackJob, command: Any, program: Callable[[], None], *, backend: Path | None = None) -> Any:
        self.command = command
        return self

    def preview(self, *, plan: str, on_event: Callable[[EngineEvent], None], **_: Any) -> None:
        call = self.calls.pop(0)
        self.heard.append("preview")
        Path(plan).write_text(json.dumps(call.plan or {"resourcePlans": {}}), encoding="utf-8")
        self._play(call, on_event)

    def up(self, *, plan: str, on_event: Callable[[EngineEvent], None], **_: Any) -> None:
        self.heard.append("up")
        self.plans.append(json.loads(Path(plan).read_text(encoding="utf-8")))
        self.previews_first.append(self.command.previews_first)
        self._play(self.calls.pop(0), on_event)

    def _play(self, call: Call, on_event: Callable[[EngineEvent], None]) -> None:
        for one in call.events:
            on_event(EngineEvent.from_json({"sequence": 1, "timestamp": 1, **one}))
        if call.fails:
            self.command.exit_code = 255
            raise create_command_error(CommandResult(stdout="", stderr="error: update failed", code=255))


Update = Callable[..., tuple[StackOutcome, Engine]]


def one_plan(*steps: str, updates: Event | None = None) -> Event:
    goal = {"inputDiff": {"updates": updates or {}}, "propertyDependencies": {"location": [], "tags": []}}
    return {"resourcePlans": {urn("a"): {"goal": goal, "steps": list(steps)}}}


@pytest.fixture
def update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Update:
    def run(
        *calls: Call,
        certain: Kind | None = "update",
        possible: Kind | None = None,
        properties: tuple[str, ...] = ("tags",),
        moved: bool = False,
        fresh: bool = False,
        reviewed: Mapping[str, Any] | None = None,
        confirmed: frozenset[str] = frozenset(),
    ) -> tuple[StackOutcome, Engine]:
        engine = Engine(*calls)
        for module in (update_operation, stack_work):
            monkeypatch.setattr(module, "opened_stack", engine.opened)
        file = tmp_path / "reviewed.json"
        file.write_text(json.dumps(reviewed or one_plan("update")), encoding="utf-8")
        change = ResourceChange(urn=urn("a"), certain=certain, possible=possible, properties=properties)
        job = StackJob(
            stack="s",
            environment="prod",
            operation="up",
            root=tmp_path,
            main=tmp_path / "__main__.py",
            engine=tmp_path / "pulumi",
            engine_version="3.259.0",
            work_dir=tmp_path,
            variables={},
            secrets_provider=None,
            generated_secrets=(),
            verbose=False,
            approval=Approval(plan=file, changes=(change,), moved=moved, fresh=fresh),
            confirmed=confirmed,
        )
        return StackUpdate(job, lambda _: None, lambda: None).run(0.0), engine

    return run


TAGGED = event("resourcePreEvent", "update", "a", old={"tags": {}}, new={"tags": {"b": "c"}}, diffs=["tags"])
DONE = event("resOutputsEvent", "update", "a")
SAME = event("resourcePreEvent", "same", "a", old={}, new={})
MOVED = event(
    "resourcePreEvent", "replace", "a", old={"location": "w"}, new={"location": "n"}, keys=["location"],
    diffs=["location"],
)  # fmt: skip
MAY_MOVE = event(
    "resourcePreEvent", "replace", "a", old={"location": "w"}, new={"location": UNKNOWN}, keys=["location"],
    diffs=["location"],
)  # fmt: skip
STEP = error("replace is not allowed by the plan: this resource is constrained to update", "a")
VALUE = error(f"resource {urn('a')} violates plan: properties changed: ~~tags[{{planted}}!={{other}}]")


def test_an_exact_plan_is_applied_by_the_engine_with_its_own_preview_first(update: Update) -> None:
    outcome, engine = update(Call(DONE, SUMMARY, DONE))
    assert (outcome.result, outcome.changes.update) == ("succeeded", 1)
    assert [one.certain for one in outcome.resources] == ["update"]
    assert (engine.heard, engine.previews_first) == (["up"], [True])
    assert engine.plans == [one_plan("update")]


def test_a_plan_that_was_made_just_now_is_applied_without_another_preview(update: Update) -> None:
    outcome, engine = update(Call(DONE), fresh=True)
    assert (outcome.result, outcome.changes.update) == ("succeeded", 1)
    assert (engine.heard, engine.previews_first) == (["up"], [False])


def test_what_the_engine_previews_only_is_not_done(update: Update) -> None:
    outcome, _ = update(Call(DONE, SUMMARY, event("resOutputsEvent", "same", "a")))
    assert (outcome.result, outcome.changes.update, outcome.changes.same) == ("unchanged", 0, 1)


@pytest.mark.parametrize("violation", [STEP, VALUE])
def test_what_the_engine_refuses_under_an_exact_plan_is_refused_without_values(
    update: Update, violation: Event
) -> None:
    outcome, engine = update(Call(violation, error("update failed"), fails=True))
    assert (outcome.result, outcome.exit_code, outcome.changes.total) == ("failed", 13, 0)
    assert outcome.reason.startswith("this is not what was reviewed: a (azure-native:resources:ResourceGroup)")
    assert outcome.reason.endswith("; preview again")
    assert "planted" not in outcome.reason
    assert engine.heard == ["up"]


def test_a_failure_that_is_not_the_plans_is_no_refusal(update: Update) -> None:
    outcome, _ = update(Call(SUMMARY, error("the cloud is full", "a"), fails=True))
    assert (outcome.result, outcome.exit_code) == ("failed", 255)
    assert outcome.reason == "a (azure-native:resources:ResourceGroup): the cloud is full"
    outcome, _ = update(Call(VALUE, error("the cloud is full", "a"), fails=True))
    assert outcome.exit_code == 255


def test_an_inexact_plan_is_previewed_again_and_applied_with_the_steps_of_now(update: Update) -> None:
    reviewed = one_plan("replace", updates={"tags": UNKNOWN})
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update", updates={"tags": {"b": "c"}})),
        Call(DONE),
        possible="replace",
        reviewed=reviewed,
    )
    assert (outcome.result, outcome.changes.update) == ("succeeded", 1)
    assert (engine.heard, engine.previews_first) == (["preview", "up"], [False])
    assert engine.plans == [one_plan("update", updates={"tags": UNKNOWN})]


@pytest.mark.parametrize(
    ("event_", "certain", "excess"),
    [
        (MOVED, "update", "replace of azure-native:resources:ResourceGroup::a goes beyond what was approved for it: "),
        (TAGGED, "create", "update of azure-native:resources:ResourceGroup::a goes beyond what was approved for it: "),
    ],
)
def test_what_goes_beyond_the_review_is_refused_before_anything_is_touched(
    update: Update, event_: Event, certain: Kind, excess: str
) -> None:
    outcome, engine = update(Call(event_), certain=certain, moved=True)
    assert (outcome.result, outcome.exit_code) == ("failed", 13)
    assert excess in outcome.reason
    assert engine.heard == ["preview"]


def test_a_known_value_that_came_out_different_is_refused_before_anything_is_touched(update: Update) -> None:
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update", updates={"tags": {"b": "planted"}})),
        possible="replace",
        reviewed=one_plan("update", updates={"tags": {"b": "c"}}),
    )
    assert (outcome.exit_code, engine.heard) == (13, ["preview"])
    assert outcome.reason == "this is not what was reviewed: tags of a came out different; preview again"


def test_values_of_a_state_that_moved_are_compared_with_nothing(update: Update) -> None:
    now = one_plan("update", updates={"tags": {"b": "other"}})
    outcome, engine = update(
        Call(TAGGED, plan=now), Call(DONE), moved=True, reviewed=one_plan("update", updates={"tags": {"b": "c"}})
    )
    assert outcome.result == "succeeded"
    assert engine.plans == [now]


def test_a_loss_that_nobody_confirmed_is_refused_also_when_the_replacement_was_approved(update: Update) -> None:
    outcome, engine = update(Call(MOVED), certain="replace", properties=("location",), moved=True)
    assert (outcome.exit_code, engine.heard) == (2, ["preview"])
    assert "if that is meant, deploy with --confirm a" in outcome.reason
    outcome, engine = update(
        Call(MOVED), Call(DONE), certain="replace", properties=("location",), moved=True, confirmed=frozenset({"a"})
    )
    assert (outcome.result, engine.heard) == ("succeeded", ["preview", "up"])


def test_a_replacement_that_is_not_expected_is_planned_as_an_update(update: Update) -> None:
    outcome, engine = update(
        Call(MAY_MOVE, plan=one_plan("replace")),
        Call(event("resOutputsEvent", "same", "a")),
        certain=None,
        possible="replace",
        properties=("location",),
        reviewed=one_plan("replace"),
    )
    assert outcome.result == "unchanged"
    assert engine.plans == [one_plan("update")]


def test_where_the_engine_stops_at_a_step_the_same_is_done_again_from_there(update: Update) -> None:
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update")),
        Call(DONE, STEP, fails=True),
        Call(TAGGED, plan=one_plan("update")),
        Call(DONE),
        possible="replace",
    )
    assert (outcome.result, outcome.changes.update) == ("succeeded", 1)
    assert engine.heard == ["preview", "up", "preview", "up"]


def test_what_was_reviewed_is_applied_also_where_no_resource_changes(update: Update) -> None:
    same = event("resOutputsEvent", "same", "a")
    outcome, engine = update(Call(SAME, plan=one_plan("same")), Call(same), certain=None, possible="replace")
    assert (outcome.result, engine.heard) == ("unchanged", ["preview", "up"])


def test_after_a_stop_the_plan_is_that_of_the_state_it_left(update: Update) -> None:
    later = one_plan("update", updates={"tags": {"b": "left"}})
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update", updates={"tags": {"b": "c"}})),
        Call(DONE, STEP, fails=True),
        Call(TAGGED, plan=later),
        Call(DONE),
        possible="replace",
        reviewed=one_plan("replace", updates={"tags": {"b": "c"}}),
    )
    assert outcome.result == "succeeded"
    assert engine.plans == [one_plan("update", updates={"tags": {"b": "c"}}), later]


def test_it_is_at_rest_where_the_second_preview_changes_nothing(update: Update) -> None:
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update")), Call(DONE, STEP, fails=True), Call(SAME), possible="replace"
    )
    assert (outcome.result, outcome.changes.update) == ("succeeded", 1)
    assert engine.heard == ["preview", "up", "preview"]


def test_what_never_comes_to_rest_is_an_error(update: Update) -> None:
    rounds = [one for _ in range(10) for one in (Call(TAGGED, plan=one_plan("update")), Call(STEP, fails=True))]
    outcome, engine = update(*rounds, possible="replace")
    assert (outcome.result, outcome.exit_code) == ("failed", 1)
    assert outcome.reason == "it did not come to rest: preview and deploy again"
    assert engine.calls == []


def test_a_value_that_came_out_different_in_the_middle_is_refused_and_what_was_done_is_told(update: Update) -> None:
    outcome, engine = update(Call(TAGGED, plan=one_plan("update")), Call(DONE, VALUE, fails=True), possible="replace")
    assert (outcome.result, outcome.exit_code, outcome.changes.update) == ("failed", 13, 1)
    assert "planted" not in outcome.reason
    assert engine.heard == ["preview", "up"]


def test_a_failure_in_the_middle_is_not_tried_again(update: Update) -> None:
    outcome, engine = update(
        Call(TAGGED, plan=one_plan("update")),
        Call(STEP, error("the cloud is full", "a"), fails=True),
        possible="replace",
    )
    assert (outcome.result, outcome.exit_code) == ("failed", 255)
    assert engine.heard == ["preview", "up"]


def test_secrets_of_another_stack_that_cannot_be_read_end_it_before_anything_is_touched(update: Update) -> None:
    unreadable = {"diagnosticEvent": {"message": "eliding undecryptable secrets", "color": "never", "severity": "info"}}
    outcome, engine = update(Call(TAGGED, unreadable), possible="replace")
    assert (outcome.result, outcome.exit_code, engine.heard) == ("failed", 3, ["preview"])
    assert outcome.reason == "secrets of another stack cannot be decrypted here: log in as who may use its key"


def test_an_update_without_an_approval_is_none(update: Update, tmp_path: Path) -> None:
    job = StackJob(
        stack="s", environment="prod", operation="up", root=tmp_path, main=tmp_path, engine=tmp_path,
        engine_version="3.259.0", work_dir=tmp_path, variables={}, secrets_provider=None, generated_secrets=(),
        verbose=False,
    )  # fmt: skip
    with pytest.raises(ValueError, match="has no approval"):
        StackUpdate(job, lambda _: None, lambda: None).run(0.0)
