"""Destroy one stack."""

import time

from shared.orchestration.automation_stack import opened_stack
from shared.orchestration.bands import forecast
from shared.orchestration.job import StackOutcome
from shared.orchestration.observation import Observation
from shared.orchestration.stack_work import StackWork


class StackDestruction(StackWork):
    """The destruction of one stack."""

    def work(self, started: float) -> StackOutcome:
        """Do it."""
        observation = self.observe(Observation("destroy", self.progress))
        stack = opened_stack(self.job, self.command, self.program)
        stack.destroy(color="never", show_secrets=False, on_event=observation.hear, on_output=self.listener)
        return StackOutcome(
            stack=self.job.stack,
            result="succeeded" if observation.changes.total else "unchanged",
            changes=observation.changes,
            references=observation.references,
            resources=forecast(observation.kinds).resources,
            seconds=time.monotonic() - started,
        )
