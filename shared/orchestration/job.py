"""What goes to a worker, and what comes back."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from shared.orchestration.losses import Loss
from shared.orchestration.queue import Result
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.resource_steps import ResourceStep
from shared.orchestration.retries import REAL, TIME_LIMIT, Patience
from shared.orchestration.speculation import Backends, Planned

Operation = Literal["preview", "up", "destroy", "drift", "refresh"]
"""drift: compare the state with the clouds; refresh: take over what the clouds have."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Approval:
    """What an update may do.

    plan: file of the engine's plan; changes: what was shown; moved: whether the state is another one since. fresh:
    whether the plan was made in this run for a stack that has nothing, from values that cannot have changed since.
    withheld: URNs of what is deleted later, when the stacks that read from this one need it no more.
    """

    plan: Path
    changes: tuple[ResourceChange, ...]
    moved: bool = False
    fresh: bool = False
    withheld: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Return whether the plan says exactly what happens: the engine demands its replacements, or none."""
        return not self.moved and not any(change.possible == "replace" for change in self.changes)


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackJob:
    """One operation on one stack.

    root: the repository. main: the file that Pulumi runs. work_dir: copies of the stack's settings, outside the tracked
    tree. variables: environment of the engine. secrets_provider: Pulumi's, None for a passphrase. generated_secrets:
    configuration secrets to invent where they are missing (sandbox only). exists: whether the stack has resources.
    confirmed: names of resources that an update may replace or delete with what they hold. backends: of a preview.
    approval: of an update. made: whether the backend has the stack. patience: with what passes by itself. time_limit:
    seconds that a resource, or the silence of the engine, may take. subscription: of the login, for a state in Azure.
    inventory: of the simulated clouds, None on real ones.
    """

    stack: str
    environment: str
    operation: Operation
    root: Path
    main: Path
    engine: Path
    engine_version: str
    work_dir: Path
    variables: Mapping[str, str]
    secrets_provider: str | None
    generated_secrets: tuple[str, ...]
    verbose: bool
    backends: Backends | None = None
    approval: Approval | None = None
    made: bool = False
    confirmed: frozenset[str] = frozenset()
    patience: Patience = REAL
    time_limit: float = TIME_LIMIT
    subscription: str = ""
    inventory: Path | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Changes:
    """How many resources an operation touched, by kind."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    same: int = 0

    @property
    def total(self) -> int:
        """Return the number of resources that changed."""
        return self.create + self.update + self.replace + self.delete


def changes_of(kinds: Mapping[str, str]) -> Changes:
    """Return how many resources something happens to. kinds: what happens, by URN."""
    found = list(kinds.values())
    return Changes(**{kind: found.count(kind) for kind in sorted(set(found))})


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackProgress:
    """A step on a resource of a running stack began or ended.

    phase: what is being done to the stack; a stack that is updated may be previewed first. done: how many of its
    resources are done in this phase.
    """

    stack: str
    phase: Operation
    done: int
    step: ResourceStep


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackOutput:
    """One line that the engine printed."""

    stack: str
    line: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackWaiting:
    """A stack is tried again after a wait. seconds: of the wait; retries: this one included; reason: what for."""

    stack: str
    seconds: float
    retries: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackOutcome:
    """How an operation on a stack ended.

    reason: one sentence, empty where there is nothing to say. cause: the stack that is to blame, or None. exit_code:
    the engine's. references: the stacks that the program read from. resources: what it did, or would do, to each.
    complete: whether nothing is left to do, such as a deletion that waits. retries: how often it was tried again.
    Of a preview: losses: what it would destroy; refused: what a service would refuse, in sentences; planned: what it
    would publish; outputs: names of what would change in that.
    """

    stack: str
    result: Result
    reason: str = ""
    cause: str | None = None
    exit_code: int = 0
    changes: Changes = Changes()
    references: frozenset[str] = frozenset()
    losses: tuple[Loss, ...] = ()
    refused: tuple[str, ...] = ()
    planned: Planned | None = None
    outputs: tuple[str, ...] = ()
    resources: tuple[ResourceChange, ...] = ()
    complete: bool = True
    retries: int = 0
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Return whether all that was to be done was."""
        return self.complete and self.result in {"succeeded", "unchanged"}


Message = StackProgress | StackOutput | StackWaiting | StackOutcome
