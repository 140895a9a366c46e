"""Where stacks stand and lines run, for graphs of every shape."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.reporting.page.graph_drawing import HEIGHT, Drawing, drawing

NAMES = [f"s{number:02}" for number in range(40)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    size = draw(st.integers(0, 30))
    return {
        name: tuple(draw(st.lists(st.sampled_from(NAMES[:number]), max_size=3))) if number else ()
        for number, name in enumerate(NAMES[:size])
    }


def ends(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    numbers = [float(one) for one in re.findall(r"-?\d+\.\d+", path)]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


@settings(max_examples=60)
@given(graphs())
def test_no_stack_hides_another_and_each_stands_below_what_it_reads_from(graph: dict[str, tuple[str, ...]]) -> None:
    found = drawing(graph)
    places = {node.name: (node.x, node.y) for node in found.nodes}
    assert set(places) == set(graph)
    for name, (x, y) in places.items():
        assert 0 <= x <= found.width - found.node_width + 0.2
        assert 0 <= y <= found.height - HEIGHT
        assert all(places[up][1] < y for up in graph[name])
        others = [one for other, one in places.items() if other != name and one[1] == y]
        assert all(abs(other - x) >= found.node_width for other, _ in others)


@settings(max_examples=60)
@given(graphs())
def test_each_line_runs_from_its_upstream_to_its_reader(graph: dict[str, tuple[str, ...]]) -> None:
    found = drawing(graph)
    places = {node.name: (node.x + found.node_width / 2, node.y) for node in found.nodes}
    assert {(edge.upstream, edge.downstream) for edge in found.edges} == {
        (up, name) for name, ups in graph.items() for up in ups
    }
    for edge in found.edges:
        (x, y), (to_x, to_y) = ends(edge.path)
        assert (abs(x - places[edge.upstream][0]) < 0.2, y) == (True, places[edge.upstream][1] + HEIGHT)
        assert (abs(to_x - places[edge.downstream][0]) < 0.2, to_y) == (True, places[edge.downstream][1])


def passes_behind(found: Drawing, path: str) -> bool:
    """Return whether a line runs straight down where a stack stands."""
    for x, y in re.findall(r"(-?\d+\.\d+) -?\d+\.\d+V(-?\d+\.\d+)", path):
        for node in found.nodes:
            if node.x < float(x) < node.x + found.node_width and node.y < float(y) <= node.y + HEIGHT:
                return True
    return False


@settings(max_examples=60)
@given(graphs())
def test_no_line_runs_behind_a_stack(graph: dict[str, tuple[str, ...]]) -> None:
    found = drawing(graph)
    assert not [edge for edge in found.edges if passes_behind(found, edge.path)]


def test_a_wide_level_has_several_rows_of_slim_stacks() -> None:
    found = drawing(dict.fromkeys(NAMES, ()))
    assert len({node.y for node in found.nodes}) == 4
    assert found.width < 1400
    assert drawing(dict.fromkeys(NAMES[:3], ())).node_width > found.node_width


def test_of_very_many_lines_those_that_others_imply_are_left_out() -> None:
    found = drawing({name: tuple(NAMES[:number]) for number, name in enumerate(NAMES)})
    assert found.reduced
    assert [(edge.upstream, edge.downstream) for edge in found.edges] == list(itertools.pairwise(NAMES))
    assert not drawing({name: tuple(NAMES[:number]) for number, name in enumerate(NAMES[:10])}).reduced


def test_unknown_upstreams_and_cycles_break_nothing() -> None:
    found = drawing({"a": ("a", "b", "gone"), "b": ("a",), "c": ("c",)})
    assert {node.name for node in found.nodes} == {"a", "b", "c"}
    assert drawing({}).nodes == ()
