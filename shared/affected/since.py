"""Which stacks a change touches, and why: the repository at a commit against the work tree."""

import dataclasses
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.affected.git_changes import changed_since
from shared.affected.tree import Entry
from shared.orchestration.definitions import discover
from shared.orchestration.graph import Graph, graph_of

# What no program is made of: pages, tests, workflows. What lies elsewhere is looked at more closely.
_ASIDE = ("docs/", "tests/", ".github/", ".ci/")
_MADE_OF = ("stacks", "shared")
_SHOWN = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Affected:
    """One stack. affected: whether a deployment could change something in it by itself; reason: why, or why not."""

    name: str
    affected: bool
    reason: str


def affected_since(root: Path, ref: str, environments: Iterable[str]) -> tuple[Affected, ...]:
    """Return all stacks in deployment order, then those that are no more, with what the changes since `ref` mean.

    environments: whose values count. Changes that are not committed count, and files that git does not know yet. A
    stack that reads from an affected one is not affected by that: a preview knows its outputs, the text does not.

    Raises ComparisonError where git has nothing to compare with, ProgramError where a program cannot be read at `ref`
    or now, GraphError where the stacks make no graph now.
    """
    changes = changed_since(root, ref)
    graph = graph_of(discover(root))
    named = tuple(environments)
    reasons = _reasons(root, ref, named, changes, graph)
    changing = _could_change(graph, reasons)
    gone = sorted(
        stack for stack, entry in _programs(changes).items() if entry is not None and stack not in graph.upstreams
    )
    orphans = tuple(Affected(name=stack, affected=True, reason=_orphaned(named)) for stack in gone)
    return (*(_of(stack, graph, reasons, changing) for stack in graph.order), *orphans)


def _reasons(
    root: Path, ref: str, environments: tuple[str, ...], changes: Mapping[str, Entry | None], graph: Graph
) -> dict[str, str]:
    """Return why each affected stack is."""
    new = {stack: "is new" for stack, entry in _programs(changes).items() if entry is None}
    known = {stack: reason for stack, reason in new.items() if stack in graph.upstreams}
    if not _could_matter(root, changes):
        return known
    # What follows parses programs: most changes do not need it, and it takes a while to import.
    from shared.affected.comparison import Comparison

    comparison = Comparison(root, ref, environments, changes)
    for stack in graph.order:
        found = () if stack in known else comparison.differences(stack)
        if found:
            known[stack] = _shortened(found)
    return known


def _could_matter(root: Path, changes: Mapping[str, Entry | None]) -> bool:
    """Return whether a program could be made of one of the changed files, by their names alone."""
    if all(path.endswith(".md") or path.startswith(_ASIDE) for path in changes):
        return _has_links(root) and bool(changes)
    return True


def _has_links(root: Path) -> bool:
    """Return whether a link in the stacks' or the shared folders could lead to what lies elsewhere."""
    return any(
        (Path(folder) / name).is_symlink()
        for part in _MADE_OF
        for folder, folders, files in os.walk(root / part)
        for name in (*folders, *files)
    )


def _programs(changes: Mapping[str, Entry | None]) -> dict[str, Entry | None]:
    """Return the changed programs by stack, as they were."""
    found: dict[str, Entry | None] = {}
    for path, entry in changes.items():
        match path.split("/"):
            case ["stacks", stack, "program.py"]:
                found[stack] = entry
            case _:
                continue
    return found


def _of(stack: str, graph: Graph, reasons: Mapping[str, str], changing: frozenset[str]) -> Affected:
    if stack in reasons:
        return Affected(name=stack, affected=True, reason=reasons[stack])
    above = [one for one in graph.upstreams[stack] if one in changing]
    if not above:
        return Affected(name=stack, affected=False, reason="nothing that it is made of or reads changed")
    reads = ", ".join(above)
    reason = f"not touched itself; reads from {reads}: a preview shows whether its outputs change"
    return Affected(name=stack, affected=False, reason=reason)


def _could_change(graph: Graph, reasons: Mapping[str, str]) -> frozenset[str]:
    """Return the stacks that are touched, or read from one of these."""
    found: set[str] = set()
    for stack in graph.order:
        if stack in reasons or not found.isdisjoint(graph.upstreams[stack]):
            found.add(stack)
    return frozenset(found)


def _shortened(found: tuple[str, ...]) -> str:
    more = len(found) - _SHOWN
    rest = (f"and {more} more",) if more > 0 else ()
    return "; ".join((*found[:_SHOWN], *rest))


def _orphaned(environments: Iterable[str]) -> str:
    places = ", ".join(environments)
    return (
        f"its folder was removed: what it deployed to {places} stays there and nothing manages it; "
        "put it back, destroy it, then remove it"
    )
