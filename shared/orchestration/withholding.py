"""Which deletions wait until the stacks that read from their stack have been updated.

Creations go forward through the graph, deletions back.
"""

import dataclasses
from collections.abc import Collection, Mapping

from shared.orchestration.graph import Graph
from shared.orchestration.job import Changes, StackOutcome
from shared.orchestration.queue import GOOD
from shared.orchestration.resource_changes import ResourceChange


def withheld(
    graph: Graph, changes: Mapping[str, tuple[ResourceChange, ...]], stuck: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return the URNs of what is deleted later, by stack.

    changes: of the stacks that are updated; stuck: stacks that should be and cannot. A stack from which none of these
    reads deletes at once.
    """
    found = {
        stack: tuple(change.urn for change in mine if change.certain == "delete")
        for stack, mine in changes.items()
        if any(changes.get(reader) or reader in stuck for reader in graph.readers(stack))
    }
    return {stack: urns for stack, urns in found.items() if urns}


def may_delete(
    graph: Graph, waiting: Mapping[str, tuple[str, ...]], outcomes: tuple[StackOutcome, ...]
) -> frozenset[str]:
    """Return the stacks whose deletions may follow: they, and all that read from them, were updated well."""
    if any(one.result == "cancelled" for one in outcomes):
        return frozenset()
    good = {one.stack for one in outcomes if one.result in GOOD}
    there = {one.stack for one in outcomes}
    return frozenset(stack for stack in waiting if {stack, *(graph.readers(stack) & there)} <= good)


def merged(first: StackOutcome, second: StackOutcome | None, waiting: int) -> StackOutcome:
    """Return how a stack fared in both passes. waiting: deletions that were withheld."""
    if second is None:
        reason = f"{waiting} deletions wait until what reads from it is deployed: deploy again then"
        reason = "; ".join([*filter(None, [first.reason]), reason])
        return dataclasses.replace(first, reason=reason, complete=False)
    ended = first if second.result == "unchanged" else second
    return dataclasses.replace(
        ended,
        changes=Changes(
            create=first.changes.create + second.changes.create,
            update=first.changes.update + second.changes.update,
            replace=first.changes.replace + second.changes.replace,
            delete=first.changes.delete + second.changes.delete,
            same=second.changes.same,
        ),
        resources=(*first.resources, *second.resources),
        retries=first.retries + second.retries,
        seconds=first.seconds + second.seconds,
    )
