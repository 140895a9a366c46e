"""What is known of a run at one moment while it goes on: a pure fold over its events."""

import dataclasses
from collections.abc import Mapping

from shared.orchestration.job import Changes, StackOutcome, StackOutput, StackProgress, StackWaiting
from shared.orchestration.run import Event, StackStarted
from shared.reporting.durations import duration

WAITING = "waiting"
RUNNING = "running"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenStep:
    """A step on a resource that goes on. since: as time.monotonic() has it."""

    name: str
    operation: str
    since: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackView:
    """One stack. state: waiting, running, or how it ended. done: resources that are; expected: how many there will be.

    began: as time.monotonic() has it. seconds: it took. steps: that go on, by URN and operation. again: whether it is
    previewed once more before it is updated. pause: why and how long it waits before it is tried again, in words.
    """

    name: str
    state: str = WAITING
    began: float = 0.0
    seconds: float = 0.0
    done: int = 0
    expected: int = 0
    changes: Changes = dataclasses.field(default_factory=Changes)
    reason: str = ""
    again: bool = False
    pause: str = ""
    steps: Mapping[tuple[str, str], OpenStep] = dataclasses.field(default_factory=dict[tuple[str, str], OpenStep])

    @property
    def longest(self) -> tuple[OpenStep, ...]:
        """Return the steps that go on, the one that takes longest first."""
        return tuple(sorted(self.steps.values(), key=lambda step: (step.since, step.name)))

    @property
    def of_expected(self) -> str:
        """Return how many resources are done: "3 of 12"; "3" where it is not known of how many, or wrongly."""
        if not self.done and not (self.expected and self.state == RUNNING):
            return ""
        return f"{self.done} of {self.expected}" if self.done <= self.expected else f"{self.done}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunView:
    """A whole run. waits: for each stack the stacks that it waits for. began: as time.monotonic() has it."""

    stacks: Mapping[str, StackView]
    waits: Mapping[str, tuple[str, ...]]
    began: float
    updates: bool

    @property
    def running(self) -> tuple[StackView, ...]:
        """Return the stacks that run."""
        return tuple(stack for stack in self.stacks.values() if stack.state == RUNNING)

    @property
    def ended(self) -> int:
        """Return how many stacks have ended."""
        return sum(stack.state not in {RUNNING, WAITING} for stack in self.stacks.values())

    def waited_for(self, stack: str) -> tuple[str, ...]:
        """Return the stacks that a stack waits for and that have not ended."""
        return tuple(up for up in self.waits.get(stack, ()) if self.stacks[up].state in {RUNNING, WAITING})

    def heard(self, event: Event, now: float) -> "RunView":
        """Return the run after an event. now: as time.monotonic() has it."""
        if isinstance(event, StackOutput) or event.stack not in self.stacks:
            return self
        before = self.stacks[event.stack]
        if isinstance(event, StackStarted):
            after = dataclasses.replace(before, state=RUNNING, began=now, done=0, steps={})
        elif isinstance(event, StackWaiting):
            after = dataclasses.replace(before, pause=_pause(event), steps={})
        elif isinstance(event, StackProgress):
            after = _progressed(before, event, again=self.updates and event.phase == "preview")
        else:
            after = _ended(before, event)
        return dataclasses.replace(self, stacks={**self.stacks, event.stack: after})


def run_view(
    stacks: tuple[str, ...],
    *,
    began: float,
    updates: bool,
    waits: Mapping[str, tuple[str, ...]],
    expected: Mapping[str, int],
) -> RunView:
    """Return a run that begins now. updates: whether it is more than previews. expected: resources of each stack."""
    inside = {stack: tuple(up for up in waits.get(stack, ()) if up in stacks) for stack in stacks}
    views = {stack: StackView(name=stack, expected=expected.get(stack, 0)) for stack in stacks}
    return RunView(stacks=views, waits=inside, began=began, updates=updates)


def _progressed(stack: StackView, event: StackProgress, *, again: bool) -> StackView:
    step, key = event.step, (event.step.urn, event.step.operation)
    steps = {known: open_ for known, open_ in stack.steps.items() if known != key}
    if step.state == "begun":
        steps[key] = OpenStep(name=step.name, operation=step.operation, since=step.at)
    return dataclasses.replace(stack, done=event.done, steps=steps, again=again, pause="")


def _ended(stack: StackView, outcome: StackOutcome) -> StackView:
    return dataclasses.replace(
        stack,
        state=outcome.result,
        seconds=outcome.seconds,
        changes=outcome.changes,
        reason=outcome.reason,
        steps={},
        again=False,
        pause="",
    )


def _pause(wait: StackWaiting) -> str:
    return f"tries again in {duration(wait.seconds)} (retry {wait.retries}): {wait.reason} passes by itself"
