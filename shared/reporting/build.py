"""Make the report of a run from the outcomes of its stacks."""

import dataclasses
from collections.abc import Mapping

from shared.orchestration.job import StackOutcome
from shared.orchestration.resource_changes import ResourceChange, name_of, type_of
from shared.reporting.model import (
    SCHEMA_VERSION,
    Changes,
    OperationReport,
    RunReport,
    StackReport,
    StepReport,
    run_exit_code,
    run_result,
)
from shared.reporting.timeline import StackTimes, TimedStep


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What is known of a run besides the outcomes of its stacks.

    started: in UTC, like 2026-11-20T09:30:00Z. commit: of the work tree, None where it has none. upstreams: which
    stacks each stack reads from. times: when what happened, by stack.
    """

    started: str = ""
    commit: str | None = None
    upstreams: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict[str, tuple[str, ...]])
    times: Mapping[str, StackTimes] = dataclasses.field(default_factory=dict[str, StackTimes])


_NOTHING_KNOWN = RunFacts()


def report_of(
    command: str,
    environment: str,
    outcomes: tuple[StackOutcome, ...],
    seconds: float,
    facts: RunFacts = _NOTHING_KNOWN,
) -> RunReport:
    """Return the report of a run. seconds: from its beginning to its end."""
    stacks = tuple(_stack(outcome, facts) for outcome in outcomes)
    result = run_result(stacks)
    code = run_exit_code(result, tuple((outcome.result, outcome.exit_code) for outcome in outcomes))
    return RunReport(
        schema_version=SCHEMA_VERSION,
        command=command,
        environment=environment,
        result=result,
        exit_code=code,
        seconds=round(seconds, 3),
        stacks=stacks,
        started=facts.started,
        commit=facts.commit,
    )


def _stack(outcome: StackOutcome, facts: RunFacts) -> StackReport:
    times = facts.times.get(outcome.stack)
    return StackReport(
        name=outcome.stack,
        result=outcome.result,
        reason=outcome.reason,
        cause=outcome.cause,
        changes=Changes(**dataclasses.asdict(outcome.changes)),
        seconds=round(outcome.seconds, 3),
        retries=outcome.retries,
        operations=tuple(_operation(change) for change in outcome.resources),
        outputs=outcome.outputs,
        began=round(times.began, 3) if times else None,
        ended=None if times is None or times.ended is None else round(times.ended, 3),
        upstreams=facts.upstreams.get(outcome.stack, ()),
        steps=tuple(_step(step) for step in times.steps) if times else (),
    )


def _step(step: TimedStep) -> StepReport:
    return StepReport(
        urn=step.urn,
        type=type_of(step.urn),
        name=name_of(step.urn),
        operation=step.operation,
        began=round(step.began, 3),
        ended=None if step.ended is None else round(step.ended, 3),
        result=step.result,
        error=step.error,
    )


def _operation(change: ResourceChange) -> OperationReport:
    return OperationReport(
        urn=change.urn,
        type=change.type,
        name=change.name,
        certain=change.certain,
        possible=change.possible,
        properties=change.properties,
        reasons=change.reasons,
    )
