"""The graph is derived from contracts, and is a graph."""

import json
import typing
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.commands.show_graph import FORMATS, render
from shared.contracts import StackOutputs
from shared.environment import Environment
from shared.environment.loading import REPOSITORY
from shared.orchestration.definitions import StackDefinition, discover
from shared.orchestration.errors import GraphError, UnknownStackError
from shared.orchestration.graph import Graph, graph_of

# Section "Dependency graph" of docs/adr/0006.
EDGES = {
    ("identity", "key_vault"),
    ("identity", "network_storage"),
    ("key_vault", "network_storage"),
    ("identity", "ml_workspace"),
    ("key_vault", "ml_workspace"),
    ("network_storage", "ml_workspace"),
    ("identity", "sagemaker"),
    ("sagemaker", "ml_workspace"),
}


def stack(name: str, *takes: str) -> StackDefinition:
    return StackDefinition(name=name, folder=Path(name), takes=takes, publishes=f"{name.title()}Outputs")


def test_the_platform_has_its_eight_edges() -> None:
    graph = graph_of(discover(REPOSITORY))
    assert set(graph.edges) == EDGES
    assert graph.waves == (("identity",), ("key_vault", "sagemaker"), ("network_storage",), ("ml_workspace",))


def test_the_signatures_that_python_sees_say_the_same() -> None:
    for definition in discover(REPOSITORY):
        hints = typing.get_type_hints(import_module(f"stacks.{definition.name}.program").program)
        returned = hints.pop("return")
        contracts = [hint for hint in hints.values() if hint is not Environment]
        assert all(issubclass(contract, StackOutputs) for contract in contracts)
        assert returned.stack == definition.name
        assert sorted(contract.stack for contract in contracts) == list(
            graph_of(discover(REPOSITORY)).upstreams[definition.name]
        )


def test_a_contract_that_nobody_publishes_is_refused() -> None:
    with pytest.raises(GraphError, match=r"stacks/b: .*takes AOutputs, which no stack publishes"):
        graph_of([stack("b", "AOutputs")])


def test_a_contract_has_one_publisher() -> None:
    twin = StackDefinition(name="twin", folder=Path(), takes=(), publishes="AOutputs")
    with pytest.raises(GraphError, match="stacks/twin: publishes AOutputs, as a does"):
        graph_of([stack("a"), twin])


def test_a_cycle_is_refused_and_shown() -> None:
    with pytest.raises(GraphError, match=r"in a circle: .*a.*b") as caught:
        graph_of([stack("a", "BOutputs"), stack("b", "AOutputs")])
    assert caught.value.fix


def test_selecting_keeps_deployment_order_and_refuses_unknown_names() -> None:
    graph = graph_of([stack("a"), stack("b", "AOutputs"), stack("c", "BOutputs")])
    assert graph.select(["c", "a"]) == ("a", "c")
    assert graph.select([]) == ("a", "b", "c")
    with pytest.raises(UnknownStackError, match="no stack 'x'; use some of a, b, c"):
        graph.select(["a", "x"])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    upstreams = {
        name: tuple(sorted(draw(st.sets(st.sampled_from(names[:index]))))) if index else ()
        for index, name in enumerate(names)
    }
    return Graph(upstreams)


@given(graphs())
def test_every_stack_stands_behind_what_it_reads(graph: Graph) -> None:
    position = {name: index for index, name in enumerate(graph.order)}
    assert sorted(position) == sorted(graph.upstreams)
    assert all(position[up] < position[name] for name, ups in graph.upstreams.items() for up in ups)
    assert all(name in graph.downstreams(up) for name, ups in graph.upstreams.items() for up in ups)


@given(graphs())
def test_every_format_has_every_edge(graph: Graph) -> None:
    document = json.loads(render(graph, "json"))
    assert [(edge["from"], edge["to"]) for edge in document["edges"]] == list(graph.edges)
    assert document["nodes"] == list(graph.order)
    for form, arrow in (("mermaid", "{} --> {}"), ("dot", '"{}" -> "{}"')):
        text = render(graph, form)
        assert all(arrow.format(*edge) in text for edge in graph.edges)
        assert text.count("->") == len(graph.edges)


def test_all_formats_are_rendered() -> None:
    graph = Graph({"a": (), "b": ("a",)})
    assert {form: render(graph, form).splitlines()[0] for form in FORMATS} == {
        "text": "a: reads nothing",
        "mermaid": "graph LR",
        "dot": "digraph stacks {",
        "json": "{",
    }


@given(graphs())
def test_ancestors_and_readers_are_two_views_of_the_same_paths(graph: Graph) -> None:
    pairs = {(one, stack) for stack in graph.order for one in graph.ancestors(stack)}
    assert pairs == {(stack, one) for stack in graph.order for one in graph.readers(stack)}
    assert set(graph.edges) <= pairs
    for stack in graph.order:
        direct = graph.upstreams[stack]
        assert graph.ancestors(stack) == frozenset(direct).union(*(graph.ancestors(one) for one in direct))


def test_paths_without_number_are_followed_in_no_time() -> None:
    upstreams = {
        f"{level}-{n}": tuple(f"{level - 1}-{m}" for m in range(9) if level) for level in range(40) for n in range(9)
    }
    graph = Graph(upstreams)
    assert len(graph.ancestors("39-0")) == 39 * 9
    assert len(graph.readers("0-0")) == 39 * 9
