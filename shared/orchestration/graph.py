"""The dependency graph of stacks, derived from the contracts that their programs take and return."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from shared.orchestration.definitions import StackDefinition
from shared.orchestration.errors import GraphError, UnknownStackError


@dataclasses.dataclass(frozen=True)
class Graph:
    """Which stacks each stack reads from. upstreams: by stack, sorted names."""

    upstreams: Mapping[str, tuple[str, ...]]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return the stacks in deployment order; those that could go together stand in alphabetical order."""
        return tuple(name for wave in self.waves for name in wave)

    @cached_property
    def waves(self) -> tuple[tuple[str, ...], ...]:
        """Return the stacks by the earliest step at which each could be deployed."""
        sorter = TopologicalSorter(self.upstreams)
        sorter.prepare()
        waves: list[tuple[str, ...]] = []
        while sorter.is_active():
            ready = tuple(sorted(sorter.get_ready()))
            waves.append(ready)
            sorter.done(*ready)
        return tuple(waves)

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Return (upstream, downstream) pairs, upstreams in deployment order."""
        pairs = [(upstream, name) for name in self.order for upstream in self.upstreams[name]]
        position = {name: index for index, name in enumerate(self.order)}
        return tuple(sorted(pairs, key=lambda pair: (position[pair[0]], position[pair[1]])))

    def downstreams(self, stack: str) -> tuple[str, ...]:
        """Return the stacks that read from `stack` directly, in deployment order."""
        return tuple(name for name in self.order if stack in self.upstreams[name])

    def readers(self, stack: str) -> frozenset[str]:
        """Return the stacks that read from `stack`, directly or through others."""
        return _reached(stack, self.downstreams)

    def ancestors(self, stack: str) -> frozenset[str]:
        """Return the stacks that `stack` reads from, directly or through others."""
        return _reached(stack, self.upstreams.__getitem__)

    def select(self, stacks: Iterable[str]) -> tuple[str, ...]:
        """Return the named stacks in deployment order; all of them where none is named. Raises UnknownStackError."""
        wanted = set(stacks)
        for stack in sorted(wanted - set(self.upstreams)):
            raise UnknownStackError(stack=stack, known=self.order)
        return tuple(name for name in self.order if not wanted or name in wanted)


def _reached(stack: str, next_to: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """Return what is reached from a stack in one step or more. Each is looked at once: paths are without number."""
    found: set[str] = set()
    waiting = [stack]
    while waiting:
        new = set(next_to(waiting.pop())) - found
        found |= new
        waiting += new
    return frozenset(found)


def graph_of(definitions: Iterable[StackDefinition]) -> Graph:
    """Return the graph of `definitions`.

    Raises GraphError: two stacks publish one contract, a contract is taken that none publishes, or there is a cycle.
    """
    stacks = tuple(definitions)
    producers: dict[str, str] = {}
    for stack in stacks:
        if stack.publishes in producers:
            problem = f"publishes {stack.publishes}, as {producers[stack.publishes]} does"
            raise GraphError(stack=stack.name, problem=problem, fix="give it a contract of its own")
        producers[stack.publishes] = stack.name
    graph = Graph({stack.name: _upstreams(stack, producers) for stack in stacks})
    _refuse_cycles(graph)
    return graph


def _upstreams(stack: StackDefinition, producers: Mapping[str, str]) -> tuple[str, ...]:
    for contract in stack.takes:
        if contract not in producers:
            problem = f"program() takes {contract}, which no stack publishes"
            raise GraphError(stack=stack.name, problem=problem, fix="let a stack's program() return it")
    return tuple(sorted(producers[contract] for contract in stack.takes))


def _refuse_cycles(graph: Graph) -> None:
    try:
        TopologicalSorter(graph.upstreams).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed([str(name) for name in error.args[1]]))
        problem = f"the stacks wait for each other in a circle: {circle}"
        raise GraphError(stack="", problem=problem, fix="take one of these contracts out of a program()") from None
