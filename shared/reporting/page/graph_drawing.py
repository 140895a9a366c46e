"""Where the stacks of a graph stand and how the lines between them run. Pure.

Stacks stand in levels, each below all that it reads from. A line that crosses levels gets a place of its own in each,
so that it does not run behind a stack; the order within a level follows the places of what is above ("Methods for
Visual Understanding of Hierarchical System Structures", Sugiyama, Tagawa and Toda: layers, dummies, barycentres).
"""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence

HEIGHT = 52.0
_WIDE = 168.0
_SLIM = 120.0
_FEW = 6
"""Stacks up to which those of a level are wide; in a graph with more of them side by side all are slim."""
_ROW = 10
"""Stacks that stand side by side at most; a wider level has several rows."""
_GAP = 12.0
_DROP = 46.0
_LANE = 6.0
_MOST_LINES = 400
"""Lines that are drawn with those that others imply; of more, only what is needed is drawn."""
_PASSES = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Node:
    """A stack. x and y: of its upper left corner, in pixels."""

    name: str
    x: float
    y: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Edge:
    """A line from a stack to one that reads from it. path: as an SVG path has it."""

    upstream: str
    downstream: str
    path: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole graph, in pixels. node_width: of each stack. reduced: whether lines that others imply are left out."""

    width: float
    height: float
    node_width: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    reduced: bool = False


@dataclasses.dataclass(frozen=True)
class _Place:
    """A stack, or where a line passes through a row. width: in pixels."""

    name: str
    width: float
    line: tuple[str, str] | None = None
    row: int = -1


def drawing(upstreams: Mapping[str, Iterable[str]]) -> Drawing:
    """Return the drawing of a graph. upstreams: for each stack what it reads from; others than these are left out."""
    graph = {name: tuple(up for up in dict.fromkeys(ups) if up in upstreams) for name, ups in upstreams.items()}
    rows = _rows(graph)
    reduced = sum(len(ups) for ups in graph.values()) > _MOST_LINES
    drawn = _reduced(graph, rows) if reduced else graph
    lines = {(up, name): _between(rows, up, name) for name, ups in drawn.items() for up in ups if rows[up] < rows[name]}
    side_by_side = max((list(rows.values()).count(row) for row in rows.values()), default=0)
    size = _WIDE if side_by_side <= _FEW else _SLIM
    stops = {line: _stops(line, crossed, size) for line, crossed in lines.items()}
    levels = _ordered(_levels(rows, stops, size), stops)
    xs = _placed(levels)
    width = max((xs[place] + place.width for level in levels for place in level), default=0.0)
    return Drawing(
        width=round(width, 1),
        height=len(levels) * (HEIGHT + _DROP) - _DROP if levels else 0.0,
        node_width=size,
        nodes=tuple(
            Node(name=name, x=round(xs[_Place(name, size)], 1), y=row * (HEIGHT + _DROP)) for name, row in rows.items()
        ),
        edges=tuple(
            Edge(upstream=up, downstream=down, path=_path(xs, rows[up], passed)) for (up, down), passed in stops.items()
        ),
        reduced=reduced,
    )


def _rows(graph: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the row of each stack, the first one 0: below all that it reads from. A cycle is cut where it is met."""
    depth: dict[str, int] = {}
    open_: set[str] = set()

    def deep(name: str) -> int:
        if name not in depth and name not in open_:
            open_.add(name)
            depth[name] = max((deep(up) + 1 for up in graph[name] if up != name), default=0)
        return depth.get(name, -1)

    for name in graph:
        deep(name)
    rows: dict[str, int] = {}
    first = 0
    for level in range(max(depth.values(), default=-1) + 1):
        mine = [name for name in graph if depth[name] == level]
        rows |= {name: first + number // _ROW for number, name in enumerate(mine)}
        first += -(-len(mine) // _ROW)
    return rows


def _reduced(graph: Mapping[str, Sequence[str]], rows: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the graph without what other lines imply."""
    above: dict[str, frozenset[str]] = {}
    for name in sorted(graph, key=lambda one: rows[one]):
        above[name] = frozenset(graph[name]).union(*(above.get(up, frozenset()) for up in graph[name]))
    implied = {
        name: frozenset[str]().union(*(above[up] for up in ups if rows[up] < rows[name])) for name, ups in graph.items()
    }
    return {name: tuple(up for up in ups if up not in implied[name]) for name, ups in graph.items()}


def _between(rows: Mapping[str, int], up: str, down: str) -> range:
    return range(rows[up] + 1, rows[down])


def _stops(line: tuple[str, str], crossed: range, size: float) -> list[_Place]:
    """Return where a line goes along: its upper stack, a place in each row that it crosses, its lower stack."""
    return [_Place(line[0], size), *(_Place(line[1], _LANE, line, row) for row in crossed), _Place(line[1], size)]


def _levels(
    rows: Mapping[str, int], stops: Mapping[tuple[str, str], Sequence[_Place]], size: float
) -> list[list[_Place]]:
    levels: list[list[_Place]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for name, row in rows.items():
        levels[row].append(_Place(name, size))
    for passed in stops.values():
        for place in passed[1:-1]:
            levels[place.row].append(place)
    return levels


def _ordered(levels: list[list[_Place]], stops: Mapping[tuple[str, str], Sequence[_Place]]) -> list[list[_Place]]:
    """Return the levels, each in the order of what is above it, then of what is below it, a few times."""
    above: dict[_Place, list[_Place]] = {}
    below: dict[_Place, list[_Place]] = {}
    for passed in stops.values():
        for upper, lower in itertools.pairwise(passed):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    for number in range(_PASSES):
        xs = _placed(levels)
        near = below if number % 2 else above
        levels = [sorted(level, key=lambda place: _middle(place, near.get(place), xs)) for level in levels]
    return levels


def _middle(place: _Place, near: Sequence[_Place] | None, xs: Mapping[_Place, float]) -> float:
    found = near or [place]
    return sum(xs[one] + one.width / 2 for one in found) / len(found)


def _placed(levels: Sequence[Sequence[_Place]]) -> dict[_Place, float]:
    """Return the x of each place: every level in the middle of the widest one."""
    widths = [sum(place.width + _GAP for place in level) - _GAP for level in levels]
    xs: dict[_Place, float] = {}
    for level, width in zip(levels, widths, strict=True):
        x = (max(widths) - width) / 2
        for place in level:
            xs[place] = x
            x += place.width + _GAP
    return xs


def _path(xs: Mapping[_Place, float], row: int, stops: Sequence[_Place]) -> str:
    """Return a curve from below the upper stack, straight down through each row on its way, to above the lower one."""
    x, y = xs[stops[0]] + stops[0].width / 2, row * (HEIGHT + _DROP) + HEIGHT
    path = f"M{x:.1f} {y:.1f}"
    for place in stops[1:]:
        path += _curve(x, xs[place] + place.width / 2, y)
        x, y = xs[place] + place.width / 2, y + _DROP
        if place.line:
            y += HEIGHT
            path += f"V{y:.1f}"
    return path


def _curve(x: float, to_x: float, y: float) -> str:
    middle = y + _DROP / 2
    return f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {y + _DROP:.1f}"
