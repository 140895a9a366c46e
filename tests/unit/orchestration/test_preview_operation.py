"""The preview of one stack, in one band or in both."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent

from shared.orchestration import stack_work
from shared.orchestration.job import Changes, StackJob, StackOutcome
from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.preview_operation import StackPreview
from shared.orchestration.reasons import Hidden
from shared.orchestration.speculation import Backends

GROUP = "azure-native:resources:ResourceGroup"
URN = f"urn:pulumi:prod::upper::{GROUP}::group"
ROOT = "urn:pulumi:prod::upper::pulumi:pulumi:Stack::upper-prod"
REFERENCE = "urn:pulumi:prod::upper::pulumi:pulumi:StackReference::organization/lower/prod"

Band = tuple[list[dict[str, Any]], dict[str, Any]]
Preview = Callable[..., StackOutcome]


def event(op: str, old: dict[str, Any], new: dict[str, Any], **more: Any) -> dict[str, Any]:
    state = {"type": GROUP, "urn": URN, "custom": True, "id": "/g/rg-one", "parent": "", "provider": "p", "outputs": {}}
    shown = {"old": {**state, "inputs": old}, "new": {**state, "inputs": new}}
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": URN, "type": GROUP, "provider": "p", **shown, **more}}}


def plan(*steps: str, **outputs: Any) -> dict[str, Any]:
    goal = {"propertyDependencies": {"location": [REFERENCE]}}
    return {"resourcePlans": {ROOT: {"state": outputs}, URN: {"goal": goal, "steps": list(steps)}}}


class Engine:
    """Says in each backend what a test wants it to say."""

    def __init__(self, bands: dict[Path | None, Band]) -> None:
        self._bands = bands
        self.seen: list[Path | None] = []

    def opened(self, *_: Any, backend: Path | None = None) -> Any:
        self.seen.append(backend)
        return self

    def preview(self, *, plan: str, on_event: Callable[[EngineEvent], None], **_: Any) -> None:
        events, made = self._bands[self.seen[-1]]
        assert Path(plan).parent == self.seen[-1]
        Path(plan).write_text(json.dumps(made), encoding="utf-8")
        for one in events:
            on_event(EngineEvent.from_json({"sequence": 1, "timestamp": 1, **one}))


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Preview:
    def run(known: Band, unknown: Band | None = None, hidden: tuple[Hidden, ...] = ()) -> StackOutcome:
        folders = {name: tmp_path / name for name in ("known", "unknown")}
        for folder in folders.values():
            folder.mkdir()
        bands: dict[Path | None, Band] = {folders["known"]: known}
        if unknown:
            bands[folders["unknown"]] = unknown
        engine = Engine(bands)
        monkeypatch.setattr(stack_work, "opened_stack", engine.opened)
        backends = Backends(known=folders["known"], unknown=folders["unknown"] if unknown else None, hidden=hidden)
        (tmp_path / "Pulumi.prod.yaml").write_text("encryptionsalt: v1:salt\n", encoding="utf-8")
        outcome = StackPreview(job(tmp_path, backends), lambda _: None, lambda: None).run(0.0)
        assert engine.seen == list(bands)
        return outcome

    return run


def job(folder: Path, backends: Backends | None) -> StackJob:
    return StackJob(
        stack="upper",
        environment="prod",
        operation="preview",
        root=folder,
        main=folder / "__main__.py",
        engine=folder / "pulumi",
        engine_version="3.259.0",
        work_dir=folder,
        variables={},
        secrets_provider=None,
        generated_secrets=(),
        verbose=False,
        backends=backends,
    )


SAME = event("same", {"location": "w"}, {"location": "w"})
TAGGED = event("update", {"tags": {}}, {"tags": {"a": "b"}}, diffs=["tags"])
MOVED = event("replace", {"location": "w"}, {"location": "n"}, keys=["location"], diffs=["location"])
MAY_MOVE = event("replace", {"location": "w"}, {"location": UNKNOWN}, keys=["location"], diffs=["location"])
HIDDEN = Hidden(stack="lower", output="place", last="w", why="lower updates it (a:b:C)")


def test_one_band_is_enough_where_both_would_be_the_same(preview: Preview) -> None:
    outcome = preview(([TAGGED], plan("update", id="one")))
    assert (outcome.result, outcome.exit_code, outcome.reason) == ("succeeded", 0, "")
    assert outcome.changes == Changes(update=1)
    (change,) = outcome.resources
    assert (change.certain, change.possible, change.properties, change.reasons) == ("update", None, ("tags",), ())
    assert [(one.path, one.before, one.after) for one in change.details] == [("tags.a", "", "b")]
    assert outcome.planned is not None
    assert (outcome.planned.known, outcome.planned.unknown) == ({"id": "one"}, {"id": "one"})
    assert outcome.planned.plan == plan("update", id="one")
    assert outcome.planned.secrets_provider == {"type": "passphrase", "state": {"salt": "v1:salt"}}


def test_what_only_unknown_values_ask_for_is_possible_with_the_reasons(preview: Preview) -> None:
    outcome = preview(([SAME], plan("same", id="one")), ([MAY_MOVE], plan("replace", id=UNKNOWN)), (HIDDEN,))
    assert (outcome.result, outcome.changes) == ("succeeded", Changes(same=1))
    assert outcome.reason == "possibly 1 to replace: what they hang on is not known before it is deployed"
    (change,) = outcome.resources
    assert (change.certain, change.possible, change.properties) == (None, "replace", ("location",))
    assert change.reasons == ("location comes from lower.place, which is not known yet", "lower updates it (a:b:C)")
    assert outcome.losses == ()
    assert outcome.planned is not None
    assert (outcome.planned.known, outcome.planned.unknown) == ({"id": "one"}, {"id": UNKNOWN})
    assert outcome.planned.plan == plan("replace", id=UNKNOWN)
    assert not outcome.planned.replaces


def test_an_unknown_value_in_the_band_of_what_was_last_makes_nothing_certain(preview: Preview) -> None:
    outcome = preview(([MAY_MOVE], plan("replace")))
    (change,) = outcome.resources
    assert (change.certain, change.possible, outcome.changes) == (None, "replace", Changes(same=1))
    assert outcome.losses == ()


def test_properties_of_both_bands_are_named(preview: Preview) -> None:
    outcome = preview(([TAGGED], plan("update")), ([MAY_MOVE], plan("replace")), (HIDDEN,))
    (change,) = outcome.resources
    assert (change.certain, change.possible, change.properties) == ("update", "replace", ("tags", "location"))
    assert [one.path for one in change.details] == ["tags.a"]


def test_what_would_be_lost_is_said_and_fails_nothing(preview: Preview) -> None:
    outcome = preview(([MOVED], plan("replace")))
    assert (outcome.result, outcome.exit_code) == ("succeeded", 0)
    assert [loss.name for loss in outcome.losses] == ["rg-one"]
    assert outcome.reason == outcome.losses[0].sentence
    assert outcome.planned is not None
    assert outcome.planned.replaces


def test_what_a_service_refuses_is_said_before_it_is_deployed(preview: Preview) -> None:
    vault = "azure-native:keyvault:Vault"
    late = json.loads(
        json.dumps(
            event(
                "update",
                {"properties": {"softDeleteRetentionInDays": 90}},
                {"properties": {"softDeleteRetentionInDays": 30}},
                diffs=["properties"],
            )
        ).replace(GROUP, vault)
    )
    outcome = preview(([late], plan("update")))
    assert outcome.refused
    assert outcome.planned  # what reads from it is previewed all the same; the run as a whole fails
    assert outcome.refused
    assert outcome.reason.startswith("properties.softDeleteRetentionInDays of vault rg-one is decided when it is made")


def test_a_stack_that_stays_as_it_is_is_unchanged(preview: Preview) -> None:
    outcome = preview(([SAME], plan("same")))
    assert (outcome.result, outcome.reason, outcome.resources) == ("unchanged", "", ())


def test_a_preview_without_backends_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no backends"):
        StackPreview(job(tmp_path, None), lambda _: None, lambda: None).run(0.0)
