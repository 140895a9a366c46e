"""What every operation on one stack has in common: it talks to its run, can be stopped, and ends with an outcome."""

import dataclasses
import json
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi.automation as auto

from shared.exit_codes import ExitCode
from shared.orchestration.automation_stack import failure_reason, invent_secrets, opened_stack
from shared.orchestration.bands import forecast
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.engine_lock import release_lock
from shared.orchestration.errors import RefusedError
from shared.orchestration.expired_login import SENTENCE, login_expired
from shared.orchestration.failures import Failure, exit_code_of
from shared.orchestration.job import (
    Message,
    StackJob,
    StackOutcome,
    StackOutput,
    StackProgress,
    StackWaiting,
    changes_of,
)
from shared.orchestration.losses import PlannedStep
from shared.orchestration.observation import Observation
from shared.orchestration.plan_violation import is_violation
from shared.orchestration.pulse import Pulse
from shared.orchestration.resource_steps import ResourceStep
from shared.orchestration.source_places import SourcePlaces
from shared.orchestration.state_places import places_in_state
from shared.orchestration.veil import lifted

_GRACE = 60.0
"""Seconds in which an engine that was asked to stop may let what it does end."""
_AFTER_LIMIT = "the engine was stopped: look in the cloud what became of it, then go on with invoke resume"
_AFTER_KILL = "what it had begun is looked for when you go on with invoke resume"


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """A preview: what was observed, and the engine's plan. veiled: stacks whose secrets may not be known."""

    observation: Observation
    plan: Mapping[str, Any]
    veiled: frozenset[str] = frozenset()

    @property
    def steps(self) -> tuple[PlannedStep, ...]:
        """Return what happens to resources that exist; secrets that may not be known are unknown."""
        touched = {urn for urn, kind in self.observation.kinds.items() if kind != "same"}
        return lifted(self.observation.steps, self.plan, touched, self.veiled)


class StackWork(ABC):
    """One operation on one stack. Blocks in `run`; `interrupt` may come from another thread."""

    def __init__(self, job: StackJob, send: Callable[[Message], None], program: Callable[[], None]) -> None:
        self.job = job
        self.places = SourcePlaces(job.root)
        self.program = self.places.noting(program)
        self.command = EngineCommand(job.engine, job.engine_version)
        self.observations: list[Observation] = []
        self._send = send
        self._interrupted = threading.Event()
        self._silent = False
        self._chance = random.SystemRandom()
        self._waited = 0.0
        self._pulse = Pulse()
        self._overdue = ""
        self._ended_work = threading.Event()
        self._state_places: Mapping[str, str] | None = None
        self._unnoted = ""
        self.retries = 0

    def run(self, started: float) -> StackOutcome:
        """Do it, again where all that failed passes by itself (docs/adr/0023).

        started: time.monotonic() when the work began. Never raises for what the engine or a program does.
        """
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            return self._until_it_ends(started)
        finally:
            self._ended_work.set()

    def _until_it_ends(self, started: float) -> StackOutcome:
        while True:
            try:
                return dataclasses.replace(self.work(started), retries=self.retries)
            except RefusedError as refused:
                return self._ended(started, reason=str(refused), code=refused.exit_code)
            except (auto.CommandError, RuntimeError) as error:
                self._unnoted = self.after_failure()
                if not self._worth_a_wait():
                    return self._failed(started, error)

    @abstractmethod
    def work(self, started: float) -> StackOutcome:
        """Do it, and return how it ended. It may be called again, to go on from where it failed.

        Raises CommandError, RuntimeError, RefusedError.
        """

    def after_failure(self) -> str:
        """Keep what must not be forgotten of an attempt that failed. Return why that could not be done, in a clause."""
        return ""

    def interrupt(self) -> None:
        """Let the engine finish what it is doing and stop."""
        self._interrupted.set()
        self.command.interrupt()

    def kill(self) -> None:
        """End the engine at once, in the middle of what it does."""
        self._interrupted.set()
        self.command.kill()

    def observe(self, observation: Observation) -> Observation:
        """Remember an observation that begins now, for the reason of a failure."""
        self.observations.append(observation)
        self._pulse.restart()
        return observation

    def hearing(self, observation: Observation) -> Callable[[auto.EngineEvent], None]:
        """Return what hears the engine's events for an observation."""

        def hear(event: auto.EngineEvent) -> None:
            self._pulse.beat()
            observation.hear(event)

        return hear

    def place_of(self, urn: str) -> str:
        """Return the line of the program that a resource comes from, or came from when it was deployed."""
        place = self.places.place_of(urn)
        if place:
            return place
        if self._state_places is None:
            self._state_places = places_in_state(self.job)
        return self._state_places.get(urn, "")

    def progress(self, done: int, step: ResourceStep) -> None:
        """Say how the observation that goes on fares: how many resources are done, and which step began or ended."""
        self._pulse.step(step)
        phase = self.observations[-1].operation
        self._send(StackProgress(stack=self.job.stack, phase=phase, done=done, step=step))

    @property
    def done(self) -> dict[str, str]:
        """Return what was done to each resource, by URN; nothing in a preview."""
        kinds: dict[str, str] = {}
        for observation in self.observations:
            if observation.operation != "preview":
                kinds |= {urn: kind for urn, kind in observation.kinds.items() if kind != "same" or urn not in kinds}
        return kinds

    @property
    def references(self) -> frozenset[str]:
        """Return the stacks that were read from."""
        return frozenset[str]().union(*(one.references for one in self.observations))

    @property
    def listener(self) -> Callable[[str], None] | None:
        """Return what hears the engine's printed lines, where they are wanted."""
        return self._print if self.job.verbose else None

    def previewed(
        self,
        plan: Path,
        *,
        backend: Path | None = None,
        exclude: Sequence[str] = (),
        veiled: frozenset[str] = frozenset(),
    ) -> Previewed:
        """Preview the stack and save the engine's plan. exclude: URNs of what is left alone.

        Raises CommandError, RuntimeError, RefusedError.
        """
        observation = self.observe(Observation("preview", self.progress, place_of=self.place_of))
        stack = opened_stack(self.job, self.command, self.program, backend=backend)
        invent_secrets(self.job, self.command, backend=backend)
        stack.preview(
            color="never",
            plan=str(plan),
            exclude=list(exclude) or None,
            on_event=self.hearing(observation),
            on_output=self.listener,
        )
        if observation.unreadable:
            raise RefusedError(reason=observation.reason, exit_code=ExitCode.AUTHENTICATION)
        return Previewed(observation=observation, plan=json.loads(plan.read_text(encoding="utf-8")), veiled=veiled)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return what went wrong in the last observation."""
        return self.observations[-1].failures if self.observations else ()

    def _worth_a_wait(self) -> bool:
        """Wait where what failed passes by itself, and return whether to go on. A stop ends the wait."""
        if (
            self._unnoted
            or self._interrupted.is_set()
            or self._overdue
            or not self.observations
            or not self.observations[-1].transient
        ):
            return False
        pause = self.job.patience.pause(self.retries, self._waited, self._chance.random())
        if pause is None:
            return False
        self.retries += 1
        self._waited += pause
        what = ", ".join(dict.fromkeys(one.waited_for for one in self.failures))
        self._send(StackWaiting(stack=self.job.stack, seconds=pause, retries=self.retries, reason=what))
        return not self._interrupted.wait(pause)

    def _failed(self, started: float, error: Exception) -> StackOutcome:
        if self._interrupted.is_set():
            return self._ended(started, reason="the run was stopped", code=ExitCode.CANCELLED)
        if self.command.exit_code < 0 and self.command.process is not None:
            release_lock(self.job, self.command.process)
        if self._overdue:
            return self._ended(started, reason=f"{self._overdue}; {_AFTER_LIMIT}", code=ExitCode.TIMEOUT)
        if self.command.exit_code < 0:
            reason = f"the engine was killed by signal {-self.command.exit_code}; {_AFTER_KILL}"
            return self._ended(started, reason=reason, code=ExitCode.INTERNAL)
        reason = failure_reason(error, *reversed(self.observations))
        code = exit_code_of(self.failures, self.command.exit_code)
        if not self.failures and login_expired(str(error)):  # the backend's, of which no event tells
            code = ExitCode.AUTHENTICATION
        if code == ExitCode.AUTHENTICATION:
            reason = f"{reason}; {SENTENCE}"
        elif self.retries:
            reason = f"{reason} (tried {self.retries + 1} times)"
        return self._ended(started, reason=reason, code=code if code > 0 else ExitCode.INTERNAL)

    def _watch(self) -> None:
        """Stop the engine where something takes longer than it may: in an orderly way, then by force."""
        limit = self.job.time_limit
        while not self._ended_work.wait(min(1.0, limit / 4)):
            if self.command.running and (clause := self._pulse.overdue(limit)):
                self._overdue = f"{clause}, longer than the limit of {limit:.0f} seconds (--time-limit)"
                self.command.interrupt()
                if not self._ended_work.wait(min(_GRACE, limit)):
                    self.command.kill()
                return

    def _print(self, line: str) -> None:
        # Up to 3.259 the engine prints values, secrets among them, when a plan is not kept; they may span lines.
        self._silent = self._silent or is_violation(line)
        if not self._silent:
            self._send(StackOutput(stack=self.job.stack, line=line))

    def _ended(self, started: float, *, reason: str, code: int) -> StackOutcome:
        return StackOutcome(
            stack=self.job.stack,
            result="cancelled" if code == ExitCode.CANCELLED else "failed",
            reason="; ".join(filter(None, [reason, self._unnoted])),
            exit_code=code,
            changes=changes_of(self.done),
            resources=forecast(self.done).resources,
            references=self.references,
            retries=self.retries,
            seconds=time.monotonic() - started,
        )
