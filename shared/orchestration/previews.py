"""What the previews of one environment know of each other: what is planned, who reads it, who is not touched at all."""

import dataclasses
from collections.abc import Mapping
from typing import Protocol

from shared.exit_codes import ExitCode
from shared.orchestration.contract_changes import broken_outputs
from shared.orchestration.job import StackOutcome
from shared.orchestration.speculation import Backends, Outputs, Speculation

Readers = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By stack and output: who reads it, as "stack (file:line)"."""


class Untouched(Protocol):
    """Says why a stack need not be previewed."""

    def __call__(self, stack: str, published: Mapping[str, Outputs]) -> str:
        """Return the reason, empty where it must be previewed. published: what upstreams are planned to publish."""
        ...


class Previews:
    """The previews of one run, as they come in. Not thread-safe."""

    def __init__(self, speculation: Speculation, readers: Readers, untouched: Untouched) -> None:
        self._speculation = speculation
        self._readers = readers
        self._untouched = untouched

    def backends(self, stack: str) -> Backends:
        """Return where a stack whose upstreams were previewed is previewed."""
        return self._speculation.backends(stack)

    def spared(self, stack: str) -> StackOutcome | None:
        """Return the outcome of a stack that need not be previewed: nothing that it reads has changed."""
        published = {name: planned.unknown for name, planned in self._speculation.planned.items()}
        reason = self._untouched(stack, published)
        return StackOutcome(stack=stack, result="unchanged", reason=f"not affected: {reason}") if reason else None

    def judged(self, outcome: StackOutcome) -> StackOutcome:
        """Take in the outcome of a preview, and return it; failed where it takes outputs from their readers."""
        if outcome.planned is None:
            return outcome
        before = self._speculation.deployed(outcome.stack)
        broken = broken_outputs(before, outcome.planned.unknown, self._readers.get(outcome.stack, {}))
        if broken:
            reason = "; ".join([*broken, *filter(None, [outcome.reason])])
            return dataclasses.replace(outcome, result="failed", reason=reason, exit_code=ExitCode.ERROR, planned=None)
        self._speculation.learn(outcome.stack, outcome.planned, outcome.resources)
        return outcome
