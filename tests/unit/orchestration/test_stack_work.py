"""What every operation on one stack has in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent

from shared.orchestration import stack_work
from shared.orchestration.errors import RefusedError
from shared.orchestration.job import Message, Operation, StackJob, StackOutcome, StackOutput
from shared.orchestration.observation import Observation
from shared.orchestration.stack_work import StackWork

VALUE = "error: resource urn:pulumi:prod::s::a:b:C::one violates plan: properties changed: ~~tags[{planted-1"


class Work(StackWork):
    """Raises what it is given."""

    error: Exception | None = None

    def work(self, started: float) -> StackOutcome:
        if self.error:
            raise self.error
        return StackOutcome(stack=self.job.stack, result="succeeded")


@pytest.fixture
def sent() -> list[Message]:
    return []


def work(folder: Path, sent: list[Message], *, verbose: bool = True) -> Work:
    job = StackJob(
        stack="s",
        environment="prod",
        operation="up",
        root=folder,
        main=folder / "__main__.py",
        engine=folder / "pulumi",
        engine_version="3.259.0",
        work_dir=folder,
        variables={},
        secrets_provider=None,
        generated_secrets=(),
        verbose=verbose,
    )
    return Work(job, sent.append, lambda: None)


def lines(sent: list[Message]) -> list[str]:
    return [one.line for one in sent if isinstance(one, StackOutput)]


def test_printed_lines_are_passed_on_only_where_they_are_wanted(tmp_path: Path, sent: list[Message]) -> None:
    listener = work(tmp_path, sent).listener
    assert listener is not None
    listener("one")
    assert lines(sent) == ["one"]
    assert work(tmp_path, sent, verbose=False).listener is None


@pytest.mark.parametrize(
    "line", [VALUE, "  replace is not allowed by the plan: no steps", "resource violates plan: properties changed: x"]
)
def test_nothing_is_printed_any_more_once_the_plan_is_violated(tmp_path: Path, sent: list[Message], line: str) -> None:
    one = work(tmp_path, sent)
    for text in ("before", line, "planted-2", "}]", "Resources: 1 unchanged"):
        assert one.listener is not None
        one.listener(text)
    assert lines(sent) == ["before"]


def observation(operation: Operation, **kinds: str) -> Observation:
    found = Observation(operation, lambda *_: None)
    for name, op in kinds.items():
        metadata = {"op": op, "urn": f"urn:pulumi:prod::s::a:b:C::{name}", "type": "a:b:C", "provider": "p"}
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            found.hear(EngineEvent.from_json({"sequence": 1, "timestamp": 1, kind: {"metadata": metadata}}))
    return found


def test_what_was_done_in_several_rounds_is_told_once_and_previews_do_nothing(
    tmp_path: Path, sent: list[Message]
) -> None:
    one = work(tmp_path, sent)
    one.observe(observation("preview", a="delete", e="delete"))
    one.observe(observation("up", a="update", b="same", c="create"))
    one.observe(observation("up", a="same", b="update", c="same", d="same"))
    assert {urn[-1]: kind for urn, kind in one.done.items()} == {
        "a": "update",
        "b": "update",
        "c": "create",
        "d": "same",
    }


def test_a_failure_tells_what_was_done_until_then(tmp_path: Path, sent: list[Message]) -> None:
    one = work(tmp_path, sent)
    one.error = RuntimeError("error: it broke")
    one.observe(observation("up", a="update", b="same"))
    outcome = one.run(0.0)
    assert (outcome.result, outcome.exit_code, outcome.reason) == ("failed", 255, "it broke")
    assert (outcome.changes.update, outcome.changes.same) == (1, 1)
    assert [(change.name, change.certain) for change in outcome.resources] == [("a", "update")]


def test_the_engines_exit_code_is_kept(tmp_path: Path, sent: list[Message]) -> None:
    one = work(tmp_path, sent)
    one.error = RuntimeError("error: it broke")
    one.command.exit_code = 4
    assert one.run(0.0).exit_code == 4


def test_a_refusal_has_its_own_reason_and_exit_code(tmp_path: Path, sent: list[Message]) -> None:
    one = work(tmp_path, sent)
    one.error = RefusedError(reason="not this", exit_code=13)
    outcome = one.run(0.0)
    assert (outcome.result, outcome.exit_code, outcome.reason) == ("failed", 13, "not this")


def test_what_fails_after_it_was_stopped_was_cancelled(tmp_path: Path, sent: list[Message]) -> None:
    one = work(tmp_path, sent)
    one.error = RuntimeError("error: it broke")
    one.interrupt()
    outcome = one.run(0.0)
    assert (outcome.result, outcome.exit_code, outcome.reason) == ("cancelled", 8, "the run was stopped")


class Previewing:
    """A stack whose preview says one thing."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event

    def preview(self, *, plan: str, on_event: Any, **_: Any) -> None:
        on_event(EngineEvent.from_json({"sequence": 1, "timestamp": 1, **self._event}))
        Path(plan).write_text('{"resourcePlans": {"a": 1}}', encoding="utf-8")


def previewing(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    said = {"message": message, "color": "never", "severity": "info"}
    monkeypatch.setattr(stack_work, "opened_stack", lambda *_, **__: Previewing({"diagnosticEvent": said}))


def test_a_preview_gives_the_engines_plan(tmp_path: Path, sent: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    previewing(monkeypatch, "all is well")
    one = work(tmp_path, sent)
    found = one.previewed(tmp_path / "plan.json")
    assert found.plan == {"resourcePlans": {"a": 1}}
    assert one.observations == [found.observation]


def test_a_preview_with_secrets_that_came_as_nothing_is_refused(
    tmp_path: Path, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    previewing(monkeypatch, "eliding undecryptable secrets")
    with pytest.raises(RefusedError, match="secrets of another stack cannot be decrypted here") as caught:
        work(tmp_path, sent).previewed(tmp_path / "plan.json")
    assert caught.value.exit_code == 3
