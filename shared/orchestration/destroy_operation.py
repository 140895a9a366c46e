"""Destroy one stack."""

import time

from shared.orchestration.automation_stack import opened_stack
from shared.orchestration.bands import forecast
from shared.orchestration.job import StackOutcome, changes_of
from shared.orchestration.observation import Observation
from shared.orchestration.stack_work import StackWork


class StackDestruction(StackWork):
    """The destruction of one stack."""

    def work(self, started: float) -> StackOutcome:
        """Do it."""
        observation = self.observe(Observation("destroy", self.progress, place_of=self.place_of))
        stack = opened_stack(self.job, self.command, self.program)
        stack.destroy(color="never", show_secrets=False, on_event=self.hearing(observation), on_output=self.listener)
        changes = changes_of(self.done)
        return StackOutcome(
            stack=self.job.stack,
            result="succeeded" if changes.total else "unchanged",
            changes=changes,
            references=self.references,
            resources=forecast(self.done).resources,
            seconds=time.monotonic() - started,
        )
