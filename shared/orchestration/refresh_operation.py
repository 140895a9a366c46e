"""Compare the state of one stack with its clouds, or take over what they have."""

import dataclasses
import time

from shared.orchestration.automation_stack import opened_stack
from shared.orchestration.bands import forecast
from shared.orchestration.drift import sentence
from shared.orchestration.job import StackOutcome, changes_of
from shared.orchestration.observation import Observation
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.stack_work import StackWork


class StackRefresh(StackWork):
    """The refresh of one stack: in preview mode for "drift", into the state for "refresh". The program is not run."""

    def work(self, started: float) -> StackOutcome:
        """Do it."""
        observation = self.observe(Observation(self.job.operation, self.progress, place_of=self.place_of))
        stack = opened_stack(self.job, self.command, self.program)
        look = stack.preview_refresh if self.job.operation == "drift" else stack.refresh
        look(color="never", show_secrets=False, on_event=self.hearing(observation), on_output=self.listener)
        changes = tuple(_described(one, observation) for one in forecast(observation.kinds).resources)
        return StackOutcome(
            stack=self.job.stack,
            result="succeeded" if changes else "unchanged",
            reason=sentence(changes),
            changes=changes_of(observation.kinds),
            resources=changes,
            seconds=time.monotonic() - started,
        )


def _described(change: ResourceChange, observation: Observation) -> ResourceChange:
    found = observation.differences.get(change.urn)
    return dataclasses.replace(change, properties=found.properties, details=found.details) if found else change
