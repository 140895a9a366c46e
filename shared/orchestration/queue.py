"""Which stack may run next: a pure queue over the graph.

Every stack is pending, ready, running or finished. A stack is ready when everything it waits for has finished well. A
stack that cannot run any more because something it waits for did not finish well is skipped, with that stack as the
cause. Stacks that could run together are taken in alphabetical order. Destroying walks the same graph backwards.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

from shared.orchestration.graph import Graph

Result = Literal["succeeded", "unchanged", "failed", "skipped", "cancelled"]
GOOD: frozenset[Result] = frozenset({"succeeded", "unchanged"})


@dataclasses.dataclass(frozen=True)
class Queue:
    """One moment of a run. waits: for each selected stack, the selected stacks it waits for."""

    waits: Mapping[str, tuple[str, ...]]
    running: frozenset[str] = frozenset()
    finished: Mapping[str, Result] = dataclasses.field(default_factory=dict[str, Result])

    @property
    def ready(self) -> tuple[str, ...]:
        """Return the stacks that may start now, in alphabetical order."""
        return tuple(sorted(stack for stack in self._pending() if self._all_good(stack)))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return the stacks that wait for another one, those that wait for the fewest first."""
        waiting = (stack for stack in self._pending() if not self._all_good(stack) and self._cause(stack) is None)
        return tuple(sorted(waiting, key=lambda stack: (self._unfinished(stack), stack)))

    @property
    def blocked(self) -> tuple[tuple[str, str], ...]:
        """Return the stacks that can never start, each with the stack that is the cause, in alphabetical order."""
        causes = ((stack, self._cause(stack)) for stack in sorted(self._pending()))
        return tuple((stack, cause) for stack, cause in causes if cause is not None)

    @property
    def done(self) -> bool:
        """Whether every stack has finished."""
        return len(self.finished) == len(self.waits)

    def start(self, stack: str) -> "Queue":
        """Return the queue with a ready stack running."""
        return dataclasses.replace(self, running=self.running | {stack})

    def finish(self, stack: str, result: Result) -> "Queue":
        """Return the queue with a stack finished."""
        finished = {**self.finished, stack: result}
        return dataclasses.replace(self, running=self.running - {stack}, finished=finished)

    def _pending(self) -> set[str]:
        return set(self.waits) - self.running - set(self.finished)

    def _all_good(self, stack: str) -> bool:
        return all(self.finished.get(other) in GOOD for other in self.waits[stack])

    def _unfinished(self, stack: str) -> int:
        return sum(other not in self.finished for other in self.waits[stack])

    def _cause(self, stack: str) -> str | None:
        bad = (other for other in sorted(self.waits[stack]) if self.finished.get(other, "unchanged") not in GOOD)
        return next(bad, None)


def forward(graph: Graph, selected: Iterable[str]) -> Queue:
    """Return the queue that deploys or previews the selected stacks."""
    chosen = set(selected)
    return Queue({stack: tuple(up for up in graph.upstreams[stack] if up in chosen) for stack in chosen})


def backward(graph: Graph, selected: Iterable[str]) -> Queue:
    """Return the queue that destroys the selected stacks."""
    chosen = set(selected)
    return Queue({stack: tuple(down for down in graph.downstreams(stack) if down in chosen) for stack in chosen})
