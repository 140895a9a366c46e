"""The objects of a run's journal."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.lease.record import Owner
from shared.orchestration.queue import Result

SCHEMA_VERSION: Final = 1

RunId = Annotated[str, Field(pattern=r"^\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}$")]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")]
StackName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Doing = Literal["deploy", "destroy"]
State = Literal["started", "succeeded", "unchanged", "failed", "skipped", "cancelled"]


class Entry(BaseModel):
    """A frozen object of a journal. A field that this program does not know makes it unreadable, and that is said."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class RunRecord(Entry):
    """What a run set out to do."""

    schema_version: Literal[1]
    run: RunId
    doing: Doing
    command: str
    """The command that was typed: deploy, destroy, resume, drift."""
    environment: str
    stacks: tuple[StackName, ...]
    """What was selected, in the order of deployment."""
    settled: Mapping[StackName, Result]
    """Stacks whose result was known before: there is no transition of them."""
    commit: str | None
    """The commit of the work tree, to check it out again."""
    sources: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 over the sources' hashes."""
    owner: Owner
    """The process that led the run."""
    confirmed: tuple[str, ...]
    """Names of the resources that somebody agreed to lose."""
    started: Moment
    continues: RunId | None
    """The run that this one goes on with."""


class Transition(Entry):
    """One step of one stack."""

    schema_version: Literal[1]
    number: int
    """From 1, in the order of the run."""
    stack: StackName
    state: State
    withheld: int
    """Deletions that still wait for the stacks that read from this one."""
    exit_code: int
    time: Moment


class Ending(Entry):
    """How a run ended. A run without one was killed, or could not write it."""

    schema_version: Literal[1]
    result: Result
    exit_code: int
    time: Moment
    report: JsonValue
    """The run's report, as `--json` prints it."""
