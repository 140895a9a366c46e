"""Preview one stack against what its upstreams are planned to publish."""

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi.automation as auto

from shared.exit_codes import ExitCode
from shared.orchestration.automation_stack import failure_reason, invent_secrets, opened_stack, settings_of
from shared.orchestration.bands import Forecast, forecast
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.job import Message, StackJob, StackOutcome, StackOutput, StackProgress
from shared.orchestration.losses import Loss, losses, refused_changes
from shared.orchestration.observation import Observation
from shared.orchestration.planned_outputs import outputs_of_plan
from shared.orchestration.speculation import Backends, Planned


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Previewed:
    observation: Observation
    outputs: Mapping[str, Any]


class StackPreview:
    """The preview of one stack, in one band or in both. Blocks in `run`; `interrupt` may come from another thread."""

    def __init__(self, job: StackJob, send: Callable[[Message], None], program: Callable[[], None]) -> None:
        self._job = job
        self._send = send
        self._program = program
        self._command = EngineCommand(job.engine, job.engine_version)
        self._interrupted = threading.Event()
        self._latest: Observation | None = None

    def run(self, started: float) -> StackOutcome:
        """Do it. started: time.monotonic() when the work began. Never raises for what the engine or a program does."""
        backends = self._job.backends
        if backends is None:
            raise ValueError(f"the preview of {self._job.stack} has no backends")
        try:
            known = self._previewed(backends.known)
            unknown = self._previewed(backends.unknown) if backends.unknown else known
        except (auto.CommandError, RuntimeError) as error:
            stopped = self._interrupted.is_set()
            reason = "the run was stopped" if stopped else failure_reason(error, self._latest)
            return self._ended(started, stopped=stopped, reason=reason)
        return self._outcome(started, backends, known, unknown)

    def interrupt(self) -> None:
        """Let the engine stop."""
        self._interrupted.set()
        self._command.interrupt()

    def _previewed(self, backend: Path) -> _Previewed:
        observation = self._latest = Observation("preview", self._progress)
        stack = opened_stack(self._job, self._command, self._program, backend=backend)
        invent_secrets(self._job, self._command, backend=backend)
        plan = backend / "plan.json"
        listener = self._print if self._job.verbose else None
        stack.preview(color="never", plan=str(plan), on_event=observation.hear, on_output=listener)
        outputs = outputs_of_plan(json.loads(plan.read_text(encoding="utf-8")), self._job.stack, self._job.environment)
        return _Previewed(observation=observation, outputs=outputs)

    def _outcome(self, started: float, backends: Backends, known: _Previewed, unknown: _Previewed) -> StackOutcome:
        found = forecast(_at_least(known.observation), known.observation.kinds, unknown.observation.kinds)
        lost = losses(known.observation.steps)
        changed = found.changes.total or found.possible
        return StackOutcome(
            stack=self._job.stack,
            result="succeeded" if changed else "unchanged",
            reason="; ".join([*_warnings(known.observation, lost), *_possibly(found, backends)]),
            changes=found.changes,
            references=known.observation.references,
            seconds=time.monotonic() - started,
            losses=lost,
            planned=Planned(
                known=known.outputs,
                unknown=unknown.outputs,
                replaces="replace" in found.kinds.values(),
                secrets_provider=_secrets_provider(settings_of(self._job)),
            ),
        )

    def _ended(self, started: float, *, stopped: bool, reason: str) -> StackOutcome:
        code = self._command.exit_code
        return StackOutcome(
            stack=self._job.stack,
            result="cancelled" if stopped else "failed",
            reason=reason,
            exit_code=ExitCode.CANCELLED if stopped else code if code > 0 else ExitCode.INTERNAL,
            references=self._latest.references if self._latest else frozenset(),
            seconds=time.monotonic() - started,
        )

    def _progress(self, done: int, resource: str) -> None:
        self._send(StackProgress(stack=self._job.stack, done=done, resource=resource))

    def _print(self, line: str) -> None:
        self._send(StackOutput(stack=self._job.stack, line=line))


def _at_least(observation: Observation) -> Mapping[str, str]:
    return {**observation.kinds, **{step.urn: step.least for step in observation.steps}}


def _warnings(observation: Observation, lost: tuple[Loss, ...]) -> list[str]:
    return [*refused_changes(observation.steps), *(loss.sentence for loss in lost)]


def _possibly(found: Forecast, backends: Backends) -> list[str]:
    """Return what may happen besides, and because of whose outputs."""
    if not found.possible:
        return []
    kinds = list(found.possible.values())
    counts = ", ".join(f"{kinds.count(kind)} to {kind}" for kind in sorted(set(kinds)))
    whose = f"outputs of {', '.join(backends.hidden)}" if backends.hidden else "outputs of changed resources"
    return [f"possibly {counts}: {whose} are not known before they are deployed"]


def _secrets_provider(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the secrets provider of a stack's settings as checkpoints have it."""
    if "encryptedkey" in settings:
        state = {"url": settings["secretsprovider"], "encryptedkey": settings["encryptedkey"]}
        return {"type": "cloud", "state": state}
    return {"type": "passphrase", "state": {"salt": settings.get("encryptionsalt", "")}}
