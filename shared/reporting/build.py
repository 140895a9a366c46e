"""Make the report of a run from the outcomes of its stacks."""

import dataclasses

from shared.orchestration.job import StackOutcome
from shared.orchestration.resource_changes import ResourceChange
from shared.reporting.model import (
    SCHEMA_VERSION,
    Changes,
    OperationReport,
    RunReport,
    StackReport,
    run_exit_code,
    run_result,
)


def report_of(command: str, environment: str, outcomes: tuple[StackOutcome, ...], seconds: float) -> RunReport:
    """Return the report of a run. seconds: from its beginning to its end."""
    stacks = tuple(_stack(outcome) for outcome in outcomes)
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
    )


def _stack(outcome: StackOutcome) -> StackReport:
    return StackReport(
        name=outcome.stack,
        result=outcome.result,
        reason=outcome.reason,
        cause=outcome.cause,
        changes=Changes(**dataclasses.asdict(outcome.changes)),
        seconds=round(outcome.seconds, 3),
        operations=tuple(_operation(change) for change in outcome.resources),
        outputs=outcome.outputs,
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
