"""The report of a run. It has no place for property values, so it cannot hold a secret."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.exit_codes import ExitCode

Differences = Literal["found", "accepted"]
Tense = Literal["planned", "done", "found", "accepted"]
"""What is said of changes: that they would be made, that they were made, or what is said of differences."""

SCHEMA_VERSION: Literal[1] = 1

Kind = Literal["create", "update", "replace", "delete"]
StackResult = Literal["succeeded", "unchanged", "failed", "skipped", "cancelled"]


class Record(BaseModel):
    """A frozen part of a report, with its known fields only."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Changes(Record):
    """How many resources an operation touched, or would touch, by kind."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    same: int = 0


class OperationReport(Record):
    """What happens to one resource: what would, in a preview; what did, otherwise. It names properties, not values."""

    urn: str
    type: str
    name: str
    certain: Kind | None
    """What is sure to happen; None where perhaps nothing does."""
    possible: Kind | None
    """What may happen beyond that."""
    properties: tuple[str, ...]
    """Inputs that change."""
    reasons: tuple[str, ...]
    """Why more is possible, from the nearest reason to the farthest."""


class StepReport(Record):
    """One step of an update or a destruction on one resource, such as its creation. A replacement has two."""

    urn: str
    type: str
    name: str
    operation: str
    """What was done, in the engine's word: create, update, delete, create-replacement, delete-replaced, read, ..."""
    began: float
    """Seconds after the run began."""
    ended: float | None
    """Seconds after the run began; None where nothing was heard of its end."""
    result: Literal["succeeded", "failed", "unfinished"]
    """unfinished: the run ended before the step did."""
    error: str = ""
    """What went wrong, in one sentence."""


class StackReport(Record):
    """How one stack fared."""

    name: str
    result: StackResult
    reason: str
    """Why, in one sentence; empty where there is nothing to say."""
    cause: str | None
    """The stack that is to blame, where it is another one."""
    changes: Changes
    seconds: float
    retries: int = 0
    """How often it was tried again, because what failed passes by itself."""
    operations: tuple[OperationReport, ...] = ()
    """Every resource that does not surely stay as it is."""
    outputs: tuple[str, ...] = ()
    """Outputs that a preview would change."""
    began: float | None = None
    """Seconds after the run began; None for a stack that did not run."""
    ended: float | None = None
    """Seconds after the run began; None for a stack that did not run."""
    upstreams: tuple[str, ...] = ()
    """The stacks that it reads from."""
    steps: tuple[StepReport, ...] = ()
    """What was done to its resources, in the order in which it began; what stays as it is, is not there."""


class RunReport(Record):
    """How a run fared."""

    schema_version: Literal[1]
    command: str
    environment: str | None
    result: StackResult
    exit_code: int
    seconds: float
    stacks: tuple[StackReport, ...]
    started: str = ""
    """When it began, in UTC, like 2026-11-20T09:30:00Z; empty for a run that did not get as far as its stacks."""
    commit: str | None = None
    """The commit of the work tree; None where it has none."""
    error: str = ""
    """Why the run did not get as far as its stacks, or could not be completed, in one sentence."""
    differences: Differences | None = None
    """Of drift, where its changes and operations are what differs between the state and the clouds and no operations:
    found, where it was only looked at, accepted, where the state took it over. None for what is or would be done."""

    @property
    def tense(self) -> Tense:
        """Return what is to be said of its changes."""
        return self.differences or ("planned" if self.command == "preview" else "done")


def run_result(stacks: tuple[StackReport, ...]) -> StackResult:
    """Return the result of a run whose stacks fared like this: the worst one decides."""
    results = {stack.result for stack in stacks}
    if "cancelled" in results:
        return "cancelled"
    if "failed" in results:
        return "failed"
    if results == {"skipped"}:
        return "skipped"
    return "unchanged" if results <= {"unchanged", "skipped"} and "unchanged" in results else "succeeded"


def run_exit_code(result: StackResult, stack_codes: tuple[tuple[StackResult, int], ...]) -> int:
    """Return the exit code of a run.

    A failed run has the code of its first failed stack; DEPENDENCY_FAILED only where every selected stack was skipped.
    """
    if result == "cancelled":
        return ExitCode.CANCELLED
    if result == "failed":
        return next(code for stack_result, code in stack_codes if stack_result == "failed") or ExitCode.ERROR
    return ExitCode.DEPENDENCY_FAILED if result == "skipped" else ExitCode.SUCCESS
