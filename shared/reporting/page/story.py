"""What the page says, ready to be put into its template: texts, counts and places, no markup."""

import dataclasses
from collections.abc import Iterable

from shared.exit_codes import ExitCode
from shared.orchestration.job import Changes as Counts
from shared.reporting.durations import duration
from shared.reporting.model import OperationReport, RunReport, StackReport, StackResult, StepReport, Tense
from shared.reporting.page.graph_drawing import HEIGHT, Drawing, drawing
from shared.reporting.page.timeline_drawing import Span, Tick, Waits, end_of, span, stack_span, ticks, waits, whole
from shared.reporting.plain_text import one_line
from shared.reporting.signs import RESULTS, STEPS, kind_signed, operations_noun, properties_title
from shared.reporting.terminal import describe

_BADLY: tuple[StackResult, ...] = ("failed", "cancelled", "skipped", "succeeded", "unchanged")
_LETTER = 8.2
_SMALL_LETTER = 7.2
"""Pixels that letters of the graph take at most on average, in its two sizes."""
_MARGINS = 20
_LONGEST = 5
_FEW_ROWS = 200
"""Operations of all stacks up to which those of a stack that loses something are shown at once."""
_WORST = ("replace", "delete", "create", "update")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Count:
    """How many stacks ended like this."""

    result: str
    sign: str
    stacks: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that went wrong: where, what, and what else is known of it. anchor: of its stack, or none."""

    title: str
    anchor: str
    sentence: str
    details: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class GraphNode:
    """A stack in the graph. x, y: of its corner. name: short enough for it; title: in full."""

    anchor: str
    x: float
    y: float
    name: str
    said: str
    title: str
    result: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bar:
    """A step in the timeline. kind: the last part of its type."""

    name: str
    type: str
    kind: str
    operation: str
    sign: str
    result: str
    span: Span
    said: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """An operation in a stack's table. kind: of the worst that may happen. certain, possible: with their signs."""

    kind: str
    certain_kind: str
    certain: str
    possible_kind: str
    possible: str
    name: str
    type: str
    urn: str
    properties: str
    reasons: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack in all parts of the page."""

    anchor: str
    name: str
    result: str
    sign: str
    reason: str
    cause: str
    changes: str
    same: int
    took: str
    retries: int
    reads: str
    outputs: str
    span: Span | None
    waits: Waits
    waited: str
    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    open: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Story:
    """The whole page. said: how the run ended, in words and with a sign, in the colours of a result."""

    title: str
    result: str
    sign: str
    said: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[Count, ...]
    changes: str
    troubles: tuple[Trouble, ...]
    stacks: tuple[Stack, ...]
    graph: Drawing
    nodes: tuple[GraphNode, ...]
    node_height: float
    ticks: tuple[Tick, ...]
    longest: tuple[Bar, ...]
    has_steps: bool
    has_times: bool
    has_possible: bool
    has_properties: bool
    properties_title: str
    noun: str
    has_reasons: bool


def story_of(report: RunReport) -> Story:
    """Return what the page says of a run."""
    seconds = whole(report)
    anchors = {stack.name: f"stack-{number}" for number, stack in enumerate(report.stacks, start=1)}
    few = sum(len(stack.operations) for stack in report.stacks) <= _FEW_ROWS
    stacks = tuple(_stack(stack, report, seconds, anchors[stack.name], few=few) for stack in report.stacks)
    graph = drawing({stack.name: stack.upstreams for stack in report.stacks})
    bars = [(bar, stack.name) for stack in stacks for bar in stack.bars]
    longest = sorted(bars, key=lambda one: -one[0].span.seconds)[:_LONGEST]
    return Story(
        title=one_line(f"{report.command} of {report.environment or 'no environment'}"),
        result="cancelled" if _has_drifted(report) else report.result,
        sign="≠" if _has_drifted(report) else RESULTS[report.result],
        said="drift found" if _has_drifted(report) else report.result,
        facts=tuple(_facts(report)),
        counts=tuple(_counts(report)),
        changes=describe(_sum(report), report.tense),
        troubles=tuple(_troubles(report, anchors)),
        stacks=stacks,
        graph=graph,
        nodes=tuple(_nodes(graph, report, anchors)),
        node_height=HEIGHT,
        ticks=ticks(seconds),
        longest=tuple(dataclasses.replace(bar, type=f"{bar.type} in {name}") for bar, name in longest),
        has_steps=any(stack.bars for stack in stacks),
        has_times=any(stack.span for stack in stacks),
        has_possible=any(row.possible for stack in stacks for row in stack.rows),
        has_properties=any(row.properties for stack in stacks for row in stack.rows),
        properties_title=properties_title(report.tense),
        noun=operations_noun(report.tense),
        has_reasons=any(row.reasons for stack in stacks for row in stack.rows),
    )


def _has_drifted(report: RunReport) -> bool:
    return report.exit_code == ExitCode.DRIFT


def _facts(report: RunReport) -> Iterable[tuple[str, str]]:
    if report.started:
        yield "began", report.started.replace("T", " ").replace("Z", " UTC")
    yield "took", duration(report.seconds)
    if report.commit:
        yield "commit", one_line(report.commit)
    yield "exit code", str(report.exit_code)


def _counts(report: RunReport) -> Iterable[Count]:
    found = [stack.result for stack in report.stacks]
    for result in _BADLY:
        if result in found:
            yield Count(result=result, sign=RESULTS[result], stacks=found.count(result))


def _sum(report: RunReport) -> Counts:
    kinds = ("create", "update", "replace", "delete")
    return Counts(**{kind: sum(getattr(stack.changes, kind) for stack in report.stacks) for kind in kinds})


def _troubles(report: RunReport, anchors: dict[str, str]) -> Iterable[Trouble]:
    if report.error:
        yield Trouble(title=report.command, anchor="", sentence=one_line(report.error))
    for stack in report.stacks:
        failed = [step for step in stack.steps if step.result == "failed"]
        left = [step for step in stack.steps if step.result == "unfinished"]
        if stack.result == "failed" or (stack.result == "cancelled" and left):
            yield Trouble(
                title=one_line(stack.name),
                anchor=anchors[stack.name],
                sentence=one_line(stack.reason) or "it failed",
                details=tuple(_detail(step) for step in (*failed, *left)),
            )


def _detail(step: StepReport) -> str:
    what = f"{step.operation} {one_line(step.name)} ({one_line(step.type)})"
    if step.result == "unfinished":
        return f"{what} had not ended when the run did, {duration(step.began)} after it began"
    return f"{what}, after {duration((step.ended or step.began) - step.began)}: {one_line(step.error) or 'it failed'}"


def _nodes(graph: Drawing, report: RunReport, anchors: dict[str, str]) -> Iterable[GraphNode]:
    stacks = {stack.name: stack for stack in report.stacks}
    room = graph.node_width - _MARGINS
    for node in graph.nodes:
        stack = stacks[node.name]
        name = one_line(node.name)
        said = f"{RESULTS[stack.result]} {stack.result}"
        long = f"{said}, {duration(stack.seconds)}" if stack.seconds else said
        yield GraphNode(
            anchor=anchors[node.name],
            x=node.x,
            y=node.y,
            name=_short(name, room / _LETTER),
            said=said if len(long) > room / _SMALL_LETTER else long,
            title=": ".join(filter(None, [name, stack.result, one_line(stack.reason)])),
            result=stack.result,
        )


def _stack(stack: StackReport, report: RunReport, seconds: float, anchor: str, *, few: bool) -> Stack:
    waited = waits(stack, report, seconds)
    told = (_row(one, report.tense) for one in stack.operations)
    rows = tuple(sorted(told, key=lambda row: (_WORST.index(row.kind), row.name)))
    return Stack(
        anchor=anchor,
        name=one_line(stack.name) or "(no name)",
        result=stack.result,
        sign=RESULTS[stack.result],
        reason=one_line(stack.reason),
        cause=one_line(stack.cause or ""),
        changes=describe(Counts(**stack.changes.model_dump()), report.tense),
        same=stack.changes.same,
        took=duration(stack.seconds) if stack.seconds else "",
        retries=stack.retries,
        reads=", ".join(map(one_line, stack.upstreams)),
        outputs=", ".join(map(one_line, stack.outputs)),
        span=stack_span(stack, seconds),
        waits=waited,
        waited=_waited(waited),
        bars=tuple(_bar(step, stack, seconds) for step in stack.steps),
        rows=rows,
        open=stack.result == "failed" or (few and any(row.kind in {"replace", "delete"} for row in rows)),
    )


def _waited(found: Waits) -> str:
    parts = [
        f"waited {duration(part.seconds)} {what}"
        for part, what in ((found.upstreams, "for other stacks"), (found.place, "for a free place"))
        if part
    ]
    return ", ".join(parts)


def _bar(step: StepReport, stack: StackReport, seconds: float) -> Bar:
    end = step.ended
    if end is None:
        end = max(step.began, end_of(stack))
    found = span(step.began, end, seconds)
    took = duration(found.seconds)
    said = {"succeeded": took, "failed": f"failed after {took}", "unfinished": f"not ended after {took}"}
    return Bar(
        name=one_line(step.name) or "(no name)",
        type=one_line(step.type),
        kind=one_line(step.type).rpartition(":")[2],
        operation=one_line(step.operation),
        sign=STEPS[step.result],
        result=step.result,
        span=found,
        said=said[step.result],
    )


def _row(operation: OperationReport, tense: Tense) -> Row:
    kinds = [kind for kind in (operation.certain, operation.possible) if kind]
    return Row(
        kind=min(kinds, key=_WORST.index, default="update"),
        certain_kind=operation.certain or "",
        certain=kind_signed(operation.certain, tense),
        possible_kind=operation.possible or "",
        possible=kind_signed(operation.possible, tense),
        name=one_line(operation.name) or "(no name)",
        type=one_line(operation.type),
        urn=one_line(operation.urn),
        properties=", ".join(map(one_line, operation.properties)),
        reasons=tuple(map(one_line, operation.reasons)),
    )


def _short(text: str, letters: float) -> str:
    return text if len(text) <= letters else f"{text[: int(letters) - 1]}…"
