"""How previews of 10, 30 and 100 stacks fare: throughput, memory, and how cost grows. Needs /proc, so Linux."""

import os
import shutil
from collections.abc import Sequence

from shared.bench import cpu
from shared.bench.arithmetic import ratio, share_of_ideal
from shared.bench.group import Group, Probe, Reading, Readings, RowPlan
from shared.bench.memory import PeakMemory
from shared.bench.place import Place, compile_all
from shared.bench.report import Limit
from shared.bench.settled import deployed, preview
from shared.bench.synthetic import SyntheticGraph
from shared.orchestration.definitions import discover

WIDTH = 10
DEPTHS = (1, 3, 10)
_MEGABYTE = 1_000_000
# Our reading of "bounded by the worker count, not by the stack count": section 11 gives no number.
_MOST_MEMORY = 1.2
_PREVIEW = "invoke preview --all"


def graphs_group(place: Place, width: int = WIDTH, depths: Sequence[int] = DEPTHS) -> Group:
    """Return the budgets of graphs of growing depth, the last one the deepest, and deploy what they are measured on."""
    graphs = [SyntheticGraph(width=width, depth=depth) for depth in depths]
    sizes = [len(graph.stacks) for graph in graphs]
    throughput = [_throughput(size, budgeted=size == sizes[-1]) for size in sizes]
    probes = tuple(probe for graph in graphs for probe in _probes(synthetic_place(place, graph)))
    return Group(probes=probes, rows=(*throughput, _memory(sizes[0], sizes[-1]), _growth(sizes[0], sizes[-1])))


def synthetic_place(place: Place, graph: SyntheticGraph) -> Place:
    """Return a place like `place`, whose stacks are those of `graph`."""
    folder = place.folder / f"graph-{len(graph.stacks)}"
    root = folder / "repository"
    shutil.copytree(place.root, root, ignore=shutil.ignore_patterns(".git"))
    shutil.rmtree(root / "stacks")
    graph.write(root)
    compile_all(root)
    return Place(folder=folder, root=root, engine=place.engine)


def _probes(place: Place) -> tuple[Probe, Probe]:
    state, stacks = deployed(place), len(discover(place.root))

    def previewed() -> Readings:
        memory = PeakMemory()
        seconds = preview(place, state, memory).seconds
        return {f"seconds of {stacks}": seconds, f"memory of {stacks}": memory.peak / _MEGABYTE}

    def alone() -> Readings:
        return {f"cpu of {stacks}": cpu.of_one_preview(place, state)}

    return (
        Probe(name=f"one preview alone, of {stacks} stacks", run=alone),
        Probe(name=f"invoke preview of {stacks} stacks", run=previewed),
    )


def _throughput(stacks: int, *, budgeted: bool) -> RowPlan:
    return RowPlan(
        name=f"graph-{stacks}",
        what=f"a preview of {stacks} stacks without a change: stacks per second, of cores / CPU seconds of one preview",
        measured=Reading(key=f"seconds of {stacks}", what=_PREVIEW),
        baseline=Reading(key=f"cpu of {stacks}", what="engine, program and sandbox of one preview", unit="CPU s"),
        figure=share_of_ideal(stacks, len(os.sched_getaffinity(0))),
        limit=Limit(kind="at least", value=0.8) if budgeted else None,
    )


def _memory(least: int, most: int) -> RowPlan:
    what = f"{_PREVIEW} with all that it starts"
    return RowPlan(
        name="graph-memory",
        what=f"peak memory with {most} stacks, against that with {least}",
        measured=Reading(key=f"memory of {most}", what=what, unit="MB"),
        baseline=Reading(key=f"memory of {least}", what=what, unit="MB"),
        figure=ratio,
        limit=Limit(kind="at most", value=_MOST_MEMORY),
    )


def _growth(least: int, most: int) -> RowPlan:
    return RowPlan(
        name="graph-growth",
        what=f"time per stack with {most} stacks, against that with {least}",
        measured=Reading(key=f"seconds of {most}", what=_PREVIEW, unit="s each", per=most),
        baseline=Reading(key=f"seconds of {least}", what=_PREVIEW, unit="s each", per=least),
        figure=ratio,
        limit=None,
    )
