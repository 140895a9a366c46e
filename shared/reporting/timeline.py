"""When what happened in a run: heard while it goes on, so that it is known of a worker that was killed, too."""

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Literal

from shared.orchestration.job import StackOutcome, StackProgress
from shared.orchestration.resource_steps import ResourceStep
from shared.orchestration.run import Event, StackStarted


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimedStep:
    """One step on one resource. began and ended: seconds after the run began; ended is None while it goes on."""

    urn: str
    operation: str
    began: float
    ended: float | None = None
    failed: bool = False
    error: str = ""

    @property
    def result(self) -> Literal["succeeded", "failed", "unfinished"]:
        """Return how it ended."""
        if self.failed:
            return "failed"
        return "unfinished" if self.ended is None else "succeeded"


@dataclasses.dataclass(frozen=True, kw_only=True)
class StackTimes:
    """When one stack began and ended, in seconds after the run began, and its steps in the order of their beginnings.

    ended: None while it goes on.
    """

    began: float
    ended: float | None = None
    steps: tuple[TimedStep, ...] = ()


class Timeline:
    """Hears the events of a run, or of several that belong together. clock: seconds, as time.monotonic() has them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._began: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._steps: dict[str, list[TimedStep]] = {}
        self._places: dict[tuple[str, str, str], int] = {}

    def hear(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, StackStarted):
            self._began.setdefault(event.stack, self._clock() - self._start)
        elif isinstance(event, StackProgress):
            self._note(event.stack, event.step)
        elif isinstance(event, StackOutcome):
            self._ended[event.stack] = self._clock() - self._start

    @property
    def seconds(self) -> float:
        """Return how long the run has taken until now."""
        return self._clock() - self._start

    @property
    def times(self) -> Mapping[str, StackTimes]:
        """Return what is known of each stack that began."""
        return {
            stack: StackTimes(began=began, ended=self._ended.get(stack), steps=tuple(self._steps.get(stack, ())))
            for stack, began in self._began.items()
        }

    def _note(self, stack: str, step: ResourceStep) -> None:
        steps, key = self._steps.setdefault(stack, []), (stack, step.urn, step.operation)
        at = max(0.0, step.at - self._start)
        if step.state == "begun":
            self._places[key] = len(steps)
            steps.append(TimedStep(urn=step.urn, operation=step.operation, began=at))
            return
        place = self._places.get(key)
        if place is None and step.state == "failed":
            place = self._places[key] = len(steps)
            steps.append(TimedStep(urn=step.urn, operation=step.operation, began=at))
        if place is not None:
            steps[place] = _ended(steps[place], step, at)


def _ended(found: TimedStep, step: ResourceStep, at: float) -> TimedStep:
    if step.state == "done":
        return dataclasses.replace(found, ended=at)
    return dataclasses.replace(found, ended=found.ended or at, failed=True, error=step.error or found.error)


Observer = Callable[[Event], None]


def heard_by(*observers: Observer) -> Observer:
    """Return what passes every event on to all of them, in their order."""

    def hear(event: Event) -> None:
        for observer in observers:
            observer(event)

    return hear
