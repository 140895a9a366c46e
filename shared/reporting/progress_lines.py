"""How a run looks while it goes on: a table for a terminal of any size, and lines for a log. Pure."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from shared.reporting.durations import duration
from shared.reporting.progress_view import RUNNING, WAITING, OpenStep, RunView, StackView
from shared.reporting.terminal import STYLES, describe

_SIGNS = {
    WAITING: ("○", "."),
    RUNNING: ("●", ">"),
    "succeeded": ("✓", "+"),
    "unchanged": ("=", "="),
    "failed": ("✗", "x"),
    "skipped": ("↷", "-"),
    "cancelled": ("■", "-"),
}
_STYLES = {**STYLES, WAITING: "dim", RUNNING: "cyan"}
_WIDE = 100
_NARROW = 60
_NAMED = 3
"""Steps and stacks that are named; of the others it is said how many there are."""
_URGENCY = (RUNNING, "failed", "cancelled", WAITING, "skipped", "succeeded", "unchanged")


def progress_table(view: RunView, *, title: str, now: float, width: int, height: int, plain: bool = False) -> Table:
    """Return the run as a table of at most `height` lines, none wider than `width`. plain: whether in ASCII only.

    Where not all stacks have room, those that run are there, then those that failed; the others are counted.
    """
    table = Table.grid(padding=(0, 2 if width >= _WIDE else 1))
    for _ in range(2 if width >= _WIDE else 1):
        table.add_column(no_wrap=True, overflow="ellipsis")
    for _ in ("done", "clock"):
        table.add_column(no_wrap=True, overflow="ellipsis", justify="right")
    if width >= _NARROW:
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    shown, left = _fitting(view, max(1, height - 2))
    rows = [_cells(view, stack, now, width, plain=plain) for stack in shown]
    if width >= _NARROW:
        _shorten_last(rows, width, gap=2 if width >= _WIDE else 1)
    for row in rows:
        table.add_row(*row)
    whole = Table.grid()
    whole.add_column(no_wrap=True, overflow="ellipsis")
    whole.add_row(Text(headline(view, title, now), "bold"))
    whole.add_row(table)
    if left:
        whole.add_row(Text(f"and {left}", "dim"))
    return whole


def _shorten_last(rows: Sequence[Sequence[Text]], width: int, *, gap: int) -> None:
    """Shorten what is said last to what the other columns leave: they are what matters, and none of them may shrink."""
    columns = zip(*(row[:-1] for row in rows), strict=True)
    others = sum(max(cell.cell_len for cell in column) + gap for column in columns)
    for row in rows:
        row[-1].truncate(max(1, width - others), overflow="ellipsis")


def headline(view: RunView, title: str, now: float) -> str:
    """Return how far the run is: "deploy of prod: 2 of 5 stacks, 81 of 243 resources, 1 min 03 s"."""
    done = sum(stack.done for stack in view.stacks.values())
    expected = sum(max(stack.done, stack.expected) for stack in view.stacks.values())
    parts = [f"{view.ended} of {_counting(len(view.stacks), 'stack')}"]
    if expected:
        of_all = f"{done} of " if done < expected else ""
        parts.append(of_all + _counting(expected, "resource"))
    return f"{title}: {', '.join([*parts, duration(now - view.began)])}"


def _counting(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def change_line(view: RunView, name: str) -> str:
    """Return the line of a log that says what a stack has become."""
    stack = view.stacks[name]
    took = duration(stack.seconds) if stack.seconds else ""
    ended = ", ".join(filter(None, [_result(view, stack), took]))
    detail = stack.pause if stack.state in {WAITING, RUNNING} else ended
    return f"{name}: {stack.state}{f' ({detail})' if detail else ''}"


def still_line(view: RunView, now: float) -> str:
    """Return the line of a log that says what has been going on for long; empty where nothing runs."""
    running = "; ".join(f"{stack.name} ({_going_on(stack, now)})" for stack in view.running)
    return f"after {duration(now - view.began)} still running: {running}" if running else ""


def _going_on(stack: StackView, now: float) -> str:
    done = f"{stack.of_expected} done" if stack.of_expected else duration(now - stack.began)
    return ", ".join(filter(None, [done, _waiting_for(stack.longest, now)]))


def _cells(view: RunView, stack: StackView, now: float, width: int, *, plain: bool) -> list[Text]:
    style = _STYLES[stack.state]
    sign = _SIGNS[stack.state][plain]
    seconds = now - stack.began if stack.state == RUNNING else stack.seconds
    clock = duration(seconds) if seconds else ""
    head = [Text(f"{sign} {stack.name}", style)]
    if width >= _WIDE:
        head.append(Text(stack.state, style))
    cells = [*head, Text(stack.of_expected), Text(clock, "dim")]
    if width >= _NARROW:
        cells.append(_detail(view, stack, now, width))
    return cells


def _detail(view: RunView, stack: StackView, now: float, width: int) -> Text:
    if stack.state == RUNNING:
        again = "is previewed again" if stack.again else ""
        return Text(stack.pause or ", ".join(filter(None, [again, _waiting_for(stack.longest, now)])))
    if stack.state == WAITING:
        names = view.waited_for(stack.name)
        return Text(f"for {_some(names)}" if names else "", "dim")
    word = "" if width >= _WIDE else f"{stack.state} "
    return Text(word + _result(view, stack), "" if stack.reason else "dim")


def _result(view: RunView, stack: StackView) -> str:
    return stack.reason or describe(stack.changes, "done" if view.updates else "planned")


def _waiting_for(steps: Sequence[OpenStep], now: float) -> str:
    if not steps:
        return ""
    return f"waiting for {_some([f'{step.name} {duration(now - step.since)}' for step in steps])}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join([*names[:_NAMED], *([f"{more} more"] if more > 0 else [])])


def _fitting(view: RunView, lines: int) -> tuple[list[StackView], str]:
    """Return the stacks that have room, in their order, and in words what is left out."""
    stacks = list(view.stacks.values())
    if len(stacks) <= lines:
        return stacks, ""
    urgent = sorted(stacks, key=lambda stack: _URGENCY.index(stack.state))[: max(1, lines - 1)]
    kept = {stack.name for stack in urgent}
    return [stack for stack in stacks if stack.name in kept], _counted(
        stack.state for stack in stacks if stack.name not in kept
    )


def _counted(states: Iterable[str]) -> str:
    found = list(states)
    return ", ".join(f"{found.count(state)} {state}" for state in _URGENCY if state in found)
