"""Previews that begin before what their stacks read from was previewed, on the guess that nothing changes there.

A guess that was wrong is thrown away, and the stack is previewed once more: what is shown never hangs on one.
"""

import dataclasses
from collections.abc import Mapping

from shared.orchestration.job import StackOutcome


@dataclasses.dataclass(frozen=True)
class Guesses:
    """The guesses of one moment. running: stacks that are being previewed; ended: how previews came out, by stack."""

    running: frozenset[str] = frozenset()
    ended: Mapping[str, StackOutcome] = dataclasses.field(default_factory=dict[str, StackOutcome])

    def begin(self, stack: str) -> "Guesses":
        """Return the guesses with one more running."""
        return dataclasses.replace(self, running=self.running | {stack})

    def end(self, outcome: StackOutcome) -> "Guesses":
        """Return the guesses with a running one ended."""
        return Guesses(running=self.running - {outcome.stack}, ended={**self.ended, outcome.stack: outcome})

    def without(self, stack: str) -> "Guesses":
        """Return the guesses without an ended one."""
        return dataclasses.replace(self, ended={name: one for name, one in self.ended.items() if name != stack})


def is_calm(outcome: StackOutcome) -> bool:
    """Return whether a preview found a stack as it is deployed, down to its outputs."""
    return outcome.result == "unchanged" and not outcome.resources and not outcome.outputs
