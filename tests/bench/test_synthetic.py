"""Platforms of many small stacks."""

import shutil
from pathlib import Path

import pytest

from shared.bench.synthetic import SyntheticGraph
from shared.orchestration.definitions import discover
from shared.orchestration.graph import Graph, graph_of
from tests.sandbox.platform_copy import PlatformCopy


def written(root: Path, graph: SyntheticGraph) -> Graph:
    (root / "shared" / "contracts").mkdir(parents=True)
    graph.write(root)
    return graph_of(discover(root))


@pytest.mark.parametrize(("width", "depth"), [(1, 3), (2, 2), (10, 10)])
def test_the_graph_is_as_wide_and_as_deep_as_asked(tmp_path: Path, width: int, depth: int) -> None:
    graph = SyntheticGraph(width=width, depth=depth)
    found = written(tmp_path, graph)
    assert [len(wave) for wave in found.waves] == [width] * depth
    assert found.order == graph.stacks
    assert {stack: graph.upstreams(stack) for stack in graph.stacks} == found.upstreams


def test_stacks_read_from_the_one_below_and_from_its_neighbour() -> None:
    graph = SyntheticGraph(width=3, depth=2)
    assert graph.upstreams("layer_00_02") == ()
    assert graph.upstreams("layer_01_00") == ("layer_00_00", "layer_00_01")
    assert graph.upstreams("layer_01_02") == ("layer_00_00", "layer_00_02")


@pytest.mark.sandbox
def test_they_deploy_and_then_nothing_is_left_to_do(tmp_path: Path) -> None:
    platform = PlatformCopy.make(tmp_path)
    shutil.rmtree(platform.root / "stacks")
    graph = SyntheticGraph(width=2, depth=2)
    graph.write(platform.root)
    made = platform.run("deploy", "--yes", "--json")
    assert made.results == dict.fromkeys(graph.stacks, "succeeded"), made.stderr
    assert made.changes("layer_01_01")["create"] >= 3
    assert platform.run("preview", "--json").results == dict.fromkeys(graph.stacks, "unchanged")
