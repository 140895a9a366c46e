"""What `invoke status --json` prints. It has no place for property values."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.journal.model import Doing, State
from shared.lease.liveness import Liveness

SCHEMA_VERSION: Literal[1] = 1

RunState = Literal["succeeded", "unchanged", "failed", "skipped", "cancelled", "running", "never ended"]


class Record(BaseModel):
    """A frozen part of a status, with its known fields only."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class StackStatus(Record):
    """How far a stack came in the last run."""

    name: str
    state: State | Literal["not begun"]


class RunStatus(Record):
    """The last run."""

    run: str
    command: str
    doing: Doing
    """What was done, also by a resume: deploy or destroy."""
    owner: str
    commit: str | None
    started: str
    ended: str | None
    state: RunState
    continues: str | None
    """The run that it went on with."""
    resumable: bool
    """Whether invoke resume has something to go on with."""
    stacks: tuple[StackStatus, ...]


class LeaseStatus(Record):
    """Who works on the environment."""

    owner: str
    command: str
    run: str
    since: str
    alive: Liveness
    """Of an owner on another machine it is not known here; invoke unlock watches its heartbeat."""


class LockStatus(Record):
    """A lock of the engine on one stack."""

    stack: str
    owner: str
    since: str


class ReferenceStatus(Record):
    """A stack that read what is another one now."""

    stack: str
    upstream: str
    outputs: tuple[str, ...]
    unknown: tuple[str, ...]
    """Secrets that may have changed: ciphertexts of two stacks cannot be compared."""


class PendingStatus(Record):
    """An operation that a dead run left half done, or that a living one is at."""

    stack: str
    urn: str
    operation: str


class Status(Record):
    """How an environment is."""

    schema_version: Literal[1]
    environment: str
    last_run: RunStatus | None
    lease: LeaseStatus | None
    locks: tuple[LockStatus, ...]
    stale: tuple[ReferenceStatus, ...]
    pending: tuple[PendingStatus, ...]
