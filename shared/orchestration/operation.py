"""Update or destroy one stack through the Automation API."""

import threading
import time
from collections.abc import Callable

import pulumi.automation as auto

from shared.exit_codes import ExitCode
from shared.orchestration.automation_stack import failure_reason, invent_secrets, opened_stack
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.job import Message, StackJob, StackOutcome, StackOutput, StackProgress
from shared.orchestration.losses import losses, refused_changes
from shared.orchestration.observation import Observation
from shared.orchestration.queue import Result


class StackOperation:
    """One operation on one stack. Blocks in `run`; `interrupt` may come from another thread."""

    def __init__(self, job: StackJob, send: Callable[[Message], None], program: Callable[[], None]) -> None:
        self._job = job
        self._send = send
        self._program = program
        self._command = EngineCommand(job.engine, job.engine_version)
        self._observation = Observation(job.operation, self._progress)
        self._before: Observation | None = None
        self._refusal = ""
        self._interrupted = threading.Event()

    def run(self, started: float) -> StackOutcome:
        """Do it. started: time.monotonic() when the work began. Never raises for what the engine or a program does."""
        try:
            stack = opened_stack(self._job, self._command, self._program)
            invent_secrets(self._job, self._command)
            if self._job.operation == "up" and self._job.exists:
                self._refusal = self._refused(stack)
            if not self._refusal:
                self._operate(stack)
        except (auto.CommandError, RuntimeError) as error:
            if self._interrupted.is_set():
                return self._outcome(started, "cancelled", "the run was stopped")
            return self._outcome(started, "failed", failure_reason(error, self._before, self._observation))
        if self._refusal:
            return self._outcome(started, "failed", self._refusal)
        changed = self._observation.changes.total
        return self._outcome(started, "succeeded" if changed else "unchanged", "")

    def interrupt(self) -> None:
        """Let the engine finish what it is doing and stop."""
        self._interrupted.set()
        self._command.interrupt()

    def _refused(self, stack: auto.Stack) -> str:
        """Return why the update is not begun: it would destroy what nobody confirmed, or its service refuses it.

        The preview is exact here: what the stack reads from others is deployed already.
        """
        planned = self._before = Observation("preview", lambda *_: None)
        stack.preview(color="never", on_event=planned.hear)
        if refused := refused_changes(planned.steps):
            return "; ".join(refused)
        lost = [loss for loss in losses(planned.steps) if loss.name not in self._job.confirmed]
        if not lost:
            return ""
        names = ",".join(loss.name for loss in lost)
        return f"{'; '.join(loss.sentence for loss in lost)}; if that is meant, deploy with --confirm {names}"

    def _operate(self, stack: auto.Stack) -> None:
        listener = self._print if self._job.verbose else None
        if self._job.operation == "up":
            stack.up(color="never", show_secrets=False, on_event=self._observation.hear, on_output=listener)
        else:
            stack.destroy(color="never", show_secrets=False, on_event=self._observation.hear, on_output=listener)

    def _progress(self, done: int, resource: str) -> None:
        self._send(StackProgress(stack=self._job.stack, done=done, resource=resource))

    def _print(self, line: str) -> None:
        self._send(StackOutput(stack=self._job.stack, line=line))

    def _outcome(self, started: float, result: Result, reason: str) -> StackOutcome:
        bad = ExitCode.CANCELLED if result == "cancelled" else self._exit_code()
        return StackOutcome(
            stack=self._job.stack,
            result=result,
            reason=reason,
            exit_code=bad if result in {"failed", "cancelled"} else 0,
            changes=self._observation.changes,
            references=self._observation.references,
            seconds=time.monotonic() - started,
        )

    def _exit_code(self) -> int:
        if self._refusal:
            return ExitCode.CONFIGURATION
        code = self._command.exit_code
        return code if code > 0 else ExitCode.INTERNAL
