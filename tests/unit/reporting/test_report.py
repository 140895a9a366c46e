"""The report of a run: shape, result, exit code, and what a person sees of it."""

import io
import json

import pytest

from shared.orchestration.job import Changes, StackOutcome, StackOutput, StackProgress
from shared.orchestration.queue import Result
from shared.orchestration.run import StackStarted
from shared.reporting.build import report_of
from shared.reporting.model import RunReport
from shared.reporting.terminal import Progress, console, describe, result_table


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
                "outputs": [],
            },
            {
                "name": "b",
                "result": "skipped",
                "reason": "did not run",
                "cause": "a",
                "changes": nothing,
                "seconds": 0.0,
                "operations": [],
                "outputs": [],
            },
        ],
    }


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
    fields = {name for model in (RunReport,) for name in model.model_fields}
    assert fields == {"schema_version", "command", "environment", "result", "exit_code", "seconds", "stacks"}


def test_changes_are_told_in_words() -> None:
    changes = Changes(create=2, update=1, replace=3, delete=4, same=9)
    assert describe(changes, planned=True) == "+2 to create, ~1 to update, ±3 to replace, -4 to delete"
    assert describe(Changes(create=1), planned=False) == "+1 created"
    assert describe(Changes(same=3), planned=False) == ""


def test_elsewhere_than_on_a_terminal_progress_is_one_line_per_change_without_colour() -> None:
    stream = io.StringIO()
    with Progress(("a", "b"), planned=False, stream=stream) as progress:
        progress.hear(StackStarted(stack="a"))
        progress.hear(StackProgress(stack="a", done=1, resource="aws:s3/bucket:Bucket [x]"))
        progress.hear(StackOutput(stack="a", line="[bold]printed[/bold] by the engine"))
        progress.hear(StackOutcome(stack="a", result="succeeded", changes=Changes(create=1), seconds=2.0))
        progress.hear(StackOutcome(stack="b", result="skipped", reason="a [secret] reason"))
    assert stream.getvalue().splitlines() == [
        "a: running",
        "a: [bold]printed[/bold] by the engine",
        "a: succeeded (+1 created, 2.0 s)",
        "b: skipped (a [secret] reason)",
    ]


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
