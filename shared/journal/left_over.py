"""What is left of a run that did not end well. Pure."""

import dataclasses
from collections.abc import Mapping

from shared.journal.history import PastRun
from shared.orchestration.queue import GOOD, Result


@dataclasses.dataclass(frozen=True, kw_only=True)
class LeftOver:
    """done: how stacks ended with which nothing is left to do. open: the other ones, in the order of deployment."""

    done: Mapping[str, Result]
    open: tuple[str, ...]


def left_over(run: PastRun) -> LeftOver:
    """Return what a run finished and what it did not.

    A stack that began and of which no end is noted is open, and so is one whose withheld deletions did not follow.
    """
    done: dict[str, Result] = {stack: result for stack, result in run.record.settled.items() if result in GOOD}
    for stack, transition in run.last.items():
        if transition.state in GOOD and not transition.withheld:
            done[stack] = transition.state
        else:
            done.pop(stack, None)
    return LeftOver(done=done, open=tuple(stack for stack in run.record.stacks if stack not in done))
