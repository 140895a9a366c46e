"""What a rehearsal came to: a run's report with the steps that led to it."""

from typing import Literal

from shared.exit_codes import ExitCode
from shared.reporting.model import SCHEMA_VERSION, Record, RunReport, StackReport, StackResult

StepName = Literal["deploy", "deploy again", "destroy", "deploy anew", "destroy again"]


class Step(Record):
    """One step of a rehearsal."""

    name: StepName
    result: StackResult
    reason: str
    """Why it failed, or what it had to do besides, in one sentence; empty where there is nothing to say."""
    exit_code: int
    seconds: float
    stacks: tuple[StackReport, ...]


class RehearsalReport(RunReport):
    """How a rehearsal went. stacks: those of the first deployment."""

    steps: tuple[Step, ...]
    kept: str | None
    """The folder that was asked for: state and inventory as deployed, and in `destroyed` as they were at the end."""


def step_of(name: StepName, report: RunReport, problem: str = "", note: str = "") -> Step:
    """Return a step. problem: what is wrong although its run went well; note: what it had to do besides."""
    if report.exit_code or not problem:
        reasons = [f"{stack.name}: {stack.reason}" for stack in report.stacks if stack.result == "failed"]
        result, code, reason = report.result, report.exit_code, "; ".join(reasons) or note
    else:
        result, code, reason = "failed", int(ExitCode.ERROR), problem
    return Step(name=name, result=result, reason=reason, exit_code=code, seconds=report.seconds, stacks=report.stacks)


def rehearsal_report(environment: str, steps: tuple[Step, ...], seconds: float, kept: str | None) -> RehearsalReport:
    """Return the report of a rehearsal, which is as good as its last step: a failed one ends it."""
    last = steps[-1]
    return RehearsalReport(
        schema_version=SCHEMA_VERSION,
        command="rehearse",
        environment=environment,
        result="succeeded" if last.exit_code == 0 else last.result,
        exit_code=last.exit_code,
        seconds=round(seconds, 3),
        stacks=steps[0].stacks,
        steps=steps,
        kept=kept,
    )
