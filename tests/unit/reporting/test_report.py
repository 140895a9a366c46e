"""The report of a run: shape, result, exit code, and what a person sees of it."""

import io
import json

import pytest

from shared.orchestration.job import Changes, StackOutcome
from shared.orchestration.queue import Result
from shared.reporting.build import RunFacts, report_of
from shared.reporting.model import RunReport, StepReport
from shared.reporting.terminal import console, describe, result_table
from shared.reporting.timeline import StackTimes, TimedStep

URN = "urn:pulumi:sandbox::a::a:b:C::"


def outcome(stack: str, result: Result, code: int = 0, reason: str = "") -> StackOutcome:
    return StackOutcome(stack=stack, result=result, exit_code=code, seconds=1.25, reason=reason)


def test_the_json_of_a_run_has_exactly_its_shape() -> None:
    outcomes = (
        StackOutcome(stack="a", result="succeeded", changes=Changes(create=2, same=1), seconds=1.23456),
        StackOutcome(stack="b", result="skipped", reason="did not run", cause="a", exit_code=11),
    )
    document = json.loads(report_of("deploy", "sandbox", outcomes, 2.5).model_dump_json())
    nothing = {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": 0}
    assert document == {
        "schema_version": 1,
        "command": "deploy",
        "environment": "sandbox",
        "result": "succeeded",
        "exit_code": 0,
        "seconds": 2.5,
        "stacks": [
            {
                "name": "a",
                "result": "succeeded",
                "reason": "",
                "cause": None,
                "changes": {**nothing, "create": 2, "same": 1},
                "seconds": 1.235,
                "operations": [],
                "retries": 0,
                "outputs": [],
                "began": None,
                "ended": None,
                "upstreams": [],
                "steps": [],
            },
            {
                "name": "b",
                "result": "skipped",
                "reason": "did not run",
                "cause": "a",
                "changes": nothing,
                "seconds": 0.0,
                "operations": [],
                "retries": 0,
                "outputs": [],
                "began": None,
                "ended": None,
                "upstreams": [],
                "steps": [],
            },
        ],
        "started": "",
        "commit": None,
        "error": "",
        "differences": None,
    }


def test_what_is_known_of_a_run_is_in_its_report() -> None:
    one = TimedStep(urn=f"{URN}one", operation="create", began=1.23456, ended=2.5)
    two = TimedStep(urn=f"{URN}two", operation="delete", began=2.0, failed=True, error="no good")
    facts = RunFacts(
        started="2026-11-20T09:30:00Z",
        commit="c0ffee",
        upstreams={"b": ("a",)},
        times={"b": StackTimes(began=1.0, ended=3.0, steps=(one, two))},
    )
    report = report_of("deploy", "sandbox", (outcome("a", "unchanged"), outcome("b", "failed", 4)), 2.5, facts)
    assert (report.started, report.commit) == ("2026-11-20T09:30:00Z", "c0ffee")
    assert [(stack.began, stack.ended, stack.upstreams) for stack in report.stacks] == [
        (None, None, ()),
        (1.0, 3.0, ("a",)),
    ]
    common = {"type": "a:b:C"}
    assert [step.model_dump() for step in report.stacks[1].steps] == [
        {**common, "urn": f"{URN}one", "name": "one", "operation": "create", "began": 1.235, "ended": 2.5}
        | {"result": "succeeded", "error": ""},
        {**common, "urn": f"{URN}two", "name": "two", "operation": "delete", "began": 2.0, "ended": None}
        | {"result": "failed", "error": "no good"},
    ]


@pytest.mark.parametrize(
    ("outcomes", "result", "code"),
    [
        ((outcome("a", "unchanged"), outcome("b", "unchanged")), "unchanged", 0),
        ((outcome("a", "unchanged"), outcome("b", "succeeded")), "succeeded", 0),
        ((outcome("a", "succeeded"), outcome("b", "skipped", 11)), "succeeded", 0),
        ((outcome("a", "failed", 4), outcome("b", "failed", 1)), "failed", 4),
        ((outcome("a", "skipped", 11), outcome("b", "failed", 255)), "failed", 255),
        ((outcome("a", "skipped", 11), outcome("b", "skipped", 11)), "skipped", 11),
        ((outcome("a", "failed", 4), outcome("b", "cancelled", 8)), "cancelled", 8),
        ((outcome("a", "failed", 0),), "failed", 1),
    ],
)
def test_the_worst_stack_decides(outcomes: tuple[StackOutcome, ...], result: Result, code: int) -> None:
    report = report_of("deploy", "sandbox", outcomes, 1.0)
    assert (report.result, report.exit_code) == (result, code)


def test_a_report_has_no_place_for_values() -> None:
    assert set(RunReport.model_fields) == {
        "schema_version",
        "command",
        "environment",
        "result",
        "exit_code",
        "seconds",
        "stacks",
        "started",
        "commit",
        "error",
        "differences",
    }
    known = {"urn", "type", "name", "operation", "began", "ended", "result", "error"}
    assert set(StepReport.model_fields) == known


def test_what_would_happen_is_told_of_a_preview_and_what_did_of_all_others_but_of_what_only_differs() -> None:
    outcomes = (outcome("a", "succeeded"),)
    told = {command: report_of(command, "prod", outcomes, 1.0) for command in ("preview", "deploy", "drift")}
    assert [report.tense for report in told.values()] == ["planned", "done", "done"]
    assert told["drift"].model_copy(update={"differences": "found"}).tense == "found"


def test_changes_are_told_in_words() -> None:
    changes = Changes(create=2, update=1, replace=3, delete=4, same=9)
    assert describe(changes, "planned") == "+2 to create, ~1 to update, ±3 to replace, -4 to delete"
    assert describe(Changes(create=1), "done") == "+1 created"
    assert describe(Changes(update=1, delete=2), "found") == "~1 differing, -2 gone"
    assert describe(Changes(update=1, delete=2), "accepted") == "~1 taken over, -2 forgotten"
    assert describe(Changes(same=3), "done") == ""


def test_the_table_shows_every_stack_and_takes_no_reason_for_markup() -> None:
    stream = io.StringIO()
    outcomes = (outcome("a", "failed", 4, reason="Code [bold]X[/bold]"), outcome("b", "unchanged"))
    console(stream).print(result_table(report_of("deploy", "prod", outcomes, 3.0)))
    text = stream.getvalue()
    assert "deploy of prod: failed, 3.0 s" in text
    assert "[bold]X[/bold]" in text
    assert "\x1b" not in text


def test_no_color_takes_colours_away_on_a_terminal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    plain, coloured = Terminal(), Terminal()
    console(plain).print(result_table(report_of("deploy", "prod", (outcome("a", "succeeded"),), 1.0)))
    monkeypatch.delenv("NO_COLOR")
    console(coloured).print(result_table(report_of("deploy", "prod", (outcome("a", "succeeded"),), 1.0)))
    assert "\x1b[32m" in coloured.getvalue()
    assert "\x1b[32m" not in plain.getvalue()
