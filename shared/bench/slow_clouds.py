"""Budget of a deployment to clouds that take their time: the orchestration adds little to what the clouds take."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.bench.arithmetic import ratio
from shared.bench.critical_path import critical_path
from shared.bench.group import Group, Probe, Reading, Readings, RowPlan
from shared.bench.place import ENVIRONMENT, Place
from shared.bench.report import Limit
from shared.bench.settled import deploy, deployed, fresh_settings
from shared.environment import load
from shared.orchestration.backend import states
from shared.orchestration.definitions import discover
from shared.orchestration.graph import graph_of
from shared.orchestration.planned_outputs import resources_of
from shared.orchestration.session import sandbox_session
from shared.sandbox.faults.calls import FILE, Call
from shared.sandbox.faults.latencies import seconds_of
from shared.sandbox.faults.model import Latency

SCALE = 0.1
"""Of the typical seconds of the real clouds: waits are long beside the machine's own work, and a round stays short."""


def slow_clouds_group(place: Place, scale: float = SCALE) -> Group:
    """Return the budget of the first deploy to slow clouds, less the same to quick ones."""
    at_least = longest_chain(place, deployed(place), scale)
    numbers = itertools.count()

    def run() -> Readings:
        number = next(numbers)
        with fresh_settings(place, f"slow-{number}") as state:
            (state / FILE).write_text(f"latency:\n  scale: {scale}\n", encoding="utf-8")
            slow = deploy(place, state).seconds
        with fresh_settings(place, f"quick-{number}") as state:
            quick = deploy(place, state).seconds
        return {"waits": slow - quick, "longest chain": at_least}

    row = RowPlan(
        name="latency",
        what="what slow clouds add to the first deploy, against the longest chain of resources and stacks",
        measured=Reading(key="waits", what=f"invoke deploy --yes to clouds at {scale:g} of their time, less at none"),
        baseline=Reading(key="longest chain", what="sum of the waits along it"),
        figure=ratio,
        limit=Limit(kind="at most", value=1.15),
    )
    return Group(probes=(Probe(name="invoke deploy, slow clouds and quick ones", run=run),), rows=(row,))


def longest_chain(place: Place, state: Path, scale: float) -> float:
    """Return the seconds that creating everything in `state` takes at least, to clouds at `scale` of their time."""
    upstreams = graph_of(discover(place.root)).upstreams
    with sandbox_session(load(ENVIRONMENT, place.root), place.root, state, clouds=False) as session:
        found: Mapping[str, Any] = states(session)
    latency = Latency(scale=scale)
    return critical_path(
        {stack: resources_of(checkpoint) for stack, checkpoint in found.items()},
        upstreams,
        lambda token: seconds_of(latency, Call(operation="create", type=token)),
    )
