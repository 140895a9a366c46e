"""How previews of 10, 30 and 100 stacks fare: throughput, memory, and how cost grows."""

import os
import shutil

from shared.bench import cpu
from shared.bench.arithmetic import ratio, share_of_ideal
from shared.bench.group import Group, Probe, Reading, Readings, RowPlan
from shared.bench.memory import PeakMemory
from shared.bench.place import Place, compile_all
from shared.bench.report import Limit
from shared.bench.settled import deployed, preview
from shared.bench.synthetic import SyntheticGraph

WIDTH = 10
DEPTHS = (1, 3, 10)
_MEGABYTE = 1_000_000
_LARGEST = max(DEPTHS) * WIDTH
# Our reading of "bounded by the worker count, not by the stack count": section 11 gives no number.
_MOST_MEMORY = 1.2


def graphs_group(place: Place) -> Group:
    """Return the budgets of the three graphs, each ten stacks wide. What they are measured on is deployed first."""
    probes = tuple(probe for depth in DEPTHS for probe in _probes(place, SyntheticGraph(width=WIDTH, depth=depth)))
    throughput = tuple(_throughput(WIDTH * depth) for depth in DEPTHS)
    return Group(probes=probes, rows=(*throughput, _memory(), _growth()))


def synthetic_place(place: Place, graph: SyntheticGraph) -> Place:
    """Return a place like `place`, whose stacks are those of `graph`."""
    folder = place.folder / f"graph-{len(graph.stacks)}"
    root = folder / "repository"
    shutil.copytree(place.root, root, ignore=shutil.ignore_patterns(".git"))
    shutil.rmtree(root / "stacks")
    graph.write(root)
    compile_all(root)
    return Place(folder=folder, root=root, engine=place.engine)


def _probes(place: Place, graph: SyntheticGraph) -> tuple[Probe, Probe]:
    stacks = len(graph.stacks)
    here = synthetic_place(place, graph)
    state = deployed(here)

    def previewed() -> Readings:
        memory = PeakMemory()
        seconds = preview(here, state, memory).seconds
        return {f"seconds of {stacks}": seconds, f"memory of {stacks}": memory.peak / _MEGABYTE}

    def alone() -> Readings:
        return {f"cpu of {stacks}": cpu.of_one_preview(here, state)}

    return (
        Probe(name=f"one preview alone, of {stacks} stacks", run=alone),
        Probe(name=f"invoke preview of {stacks} stacks", run=previewed),
    )


def _throughput(stacks: int) -> RowPlan:
    return RowPlan(
        name=f"graph-{stacks}",
        what=f"a preview of {stacks} stacks without a change: stacks per second, of cores / CPU seconds of one preview",
        measured=Reading(key=f"seconds of {stacks}", what="invoke preview --all"),
        baseline=Reading(key=f"cpu of {stacks}", what="engine, program and sandbox of one preview", unit="CPU s"),
        figure=share_of_ideal(stacks, len(os.sched_getaffinity(0))),
        limit=Limit(kind="at least", value=0.8) if stacks == _LARGEST else None,
    )


def _memory() -> RowPlan:
    smallest = WIDTH * min(DEPTHS)
    what = "invoke preview with all that it starts"
    return RowPlan(
        name="graph-memory",
        what=f"peak memory with {_LARGEST} stacks, against that with {smallest}",
        measured=Reading(key=f"memory of {_LARGEST}", what=what, unit="MB"),
        baseline=Reading(key=f"memory of {smallest}", what=what, unit="MB"),
        figure=ratio,
        limit=Limit(kind="at most", value=_MOST_MEMORY),
    )


def _growth() -> RowPlan:
    smallest = WIDTH * min(DEPTHS)
    what = "invoke preview --all"
    return RowPlan(
        name="graph-growth",
        what=f"time per stack with {_LARGEST} stacks, against that with {smallest}",
        measured=Reading(key=f"seconds of {_LARGEST}", what=what, unit="s per stack", per=_LARGEST),
        baseline=Reading(key=f"seconds of {smallest}", what=what, unit="s per stack", per=smallest),
        figure=ratio,
        limit=None,
    )
