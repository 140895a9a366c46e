"""What the previews of one environment know of each other: what is planned, who reads it, who is not touched at all."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from shared.exit_codes import ExitCode
from shared.orchestration.contract_changes import broken_outputs
from shared.orchestration.guesses import is_calm
from shared.orchestration.job import StackOutcome
from shared.orchestration.planned_outputs import holds_unknown, is_secret
from shared.orchestration.speculation import Backends, Outputs, Planned, Speculation


class StackLooks(Protocol):
    """What is known of stacks without previewing them; see shared.commands.looking.Looker."""

    def untouched(self, stack: str, published: Mapping[str, Outputs]) -> str:
        """Return why a stack need not be previewed; empty where it must be. published: what others will publish."""
        ...

    def as_deployed(self, stack: str) -> bool:
        """Return whether a stack is made of what it was made of when it was deployed, and was not changed since."""
        ...

    def readers(self, stack: str) -> Mapping[str, tuple[str, ...]]:
        """Return who reads the outputs of a stack, as "stack (file:line)", by output."""
        ...


class Previews:
    """The previews of one run, as they come in. Not thread-safe."""

    def __init__(self, speculation: Speculation, looks: StackLooks) -> None:
        self._speculation = speculation
        self._looks = looks

    def backends(self, stack: str) -> Backends:
        """Return where a stack whose upstreams were previewed is previewed."""
        return self._speculation.backends(stack)

    def spared(self, stack: str) -> StackOutcome | None:
        """Return the outcome of a stack that need not be previewed: nothing that it reads has changed."""
        published = {name: planned.unknown for name, planned in self._speculation.planned.items()}
        reason = self._looks.untouched(stack, published)
        return StackOutcome(stack=stack, result="unchanged", reason=f"not affected: {reason}") if reason else None

    def foreseen(self, stacks: Iterable[str], outcomes: Mapping[str, StackOutcome]) -> bool:
        """Return whether these stacks are likely to stay as they are deployed. outcomes: of those that are previewed.

        A secret that becomes another one is seen in no outcome, but in what a stack is made of.
        """
        return all(self._looks.as_deployed(one) and (one not in outcomes or is_calm(outcomes[one])) for one in stacks)

    def judged(self, outcome: StackOutcome) -> StackOutcome:
        """Take in the outcome of a preview, and return it; failed where it takes outputs from their readers."""
        if outcome.planned is None:
            return outcome
        broken = self._broken(outcome.stack, outcome.planned)
        if broken:
            reason = "; ".join([*broken, *filter(None, [outcome.reason])])
            return dataclasses.replace(outcome, result="failed", reason=reason, exit_code=ExitCode.ERROR, planned=None)
        self._speculation.learn(outcome.stack, outcome.planned, outcome.resources)
        return dataclasses.replace(outcome, outputs=self._changed(outcome.stack, outcome.planned))

    def _broken(self, stack: str, planned: Planned) -> list[str]:
        broken = broken_outputs(self._speculation.deployed(stack), planned.unknown)
        readers = self._looks.readers(stack) if broken else {}
        return [one.sentence(readers[one.name]) for one in broken if one.name in readers]

    def _changed(self, stack: str, planned: Planned) -> tuple[str, ...]:
        before, after = self._speculation.deployed(stack), planned.unknown
        return tuple(name for name in sorted({*before, *after}) if _differ(before.get(name), after.get(name)))


def _differ(before: Any, after: Any) -> bool:
    """Return whether an output may change. A secret's ciphertext is another one each time: it is not compared."""
    if holds_unknown(after):
        return True
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if is_secret(before) and is_secret(after):
            return False
        return set(before) != set(after) or any(_differ(before[key], after[key]) for key in before)
    return bool(before != after)
