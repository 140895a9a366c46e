"""Show the graph of stacks."""

import json

from shared.commands.arguments import Options, UsageError
from shared.commands.standard_output import put
from shared.orchestration.definitions import discover
from shared.orchestration.graph import Graph, graph_of

FORMATS = ("text", "mermaid", "dot", "json")


def show_graph(options: Options) -> int:
    """Print the graph in one of FORMATS. Returns the exit code. Raises GraphError, UsageError."""
    if options.format not in FORMATS:
        fix = f"use one of {', '.join(FORMATS)}"
        raise UsageError(flag="--format", problem=f"{options.format!r} is no format", fix=fix)
    form = "json" if options.json else options.format
    put(render(graph_of(discover(options.root)), form))
    return 0


def render(graph: Graph, form: str) -> str:
    """Return the graph as text in one of FORMATS."""
    if form == "json":
        edges = [{"from": upstream, "to": downstream} for upstream, downstream in graph.edges]
        return json.dumps({"nodes": list(graph.order), "edges": edges}, indent=2) + "\n"
    if form == "mermaid":
        return "".join(["graph LR\n", *(f"    {up} --> {down}\n" for up, down in graph.edges)])
    if form == "dot":
        return "".join(["digraph stacks {\n", *(f'    "{up}" -> "{down}";\n' for up, down in graph.edges), "}\n"])
    return "".join(f"{stack}: {_reads(graph, stack)}\n" for stack in graph.order)


def _reads(graph: Graph, stack: str) -> str:
    upstreams = graph.upstreams[stack]
    return f"reads {', '.join(upstreams)}" if upstreams else "reads nothing"
