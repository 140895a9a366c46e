"""How a run looks to a person: progress on standard error, the result as a table on standard output.

Progress is a live table on a terminal and one line per state change elsewhere. Colour never carries meaning alone.
"""

import os
import sys
import time
from typing import IO, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from shared.orchestration.job import Changes, StackOutcome, StackOutput, StackProgress
from shared.orchestration.run import Event, StackStarted
from shared.reporting.model import RunReport

STYLES = {"succeeded": "green", "unchanged": "dim", "failed": "bold red", "skipped": "yellow", "cancelled": "yellow"}

_WIDE = 160
"""Columns where nobody says how many there are: in a log, or a pull request's comment."""


def console(stream: IO[str]) -> Console:
    """Return a console on `stream`: colours only on a terminal, and not where NO_COLOR asks for none."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        highlight=False,
        soft_wrap=not terminal,
        width=None if terminal or "COLUMNS" in os.environ else _WIDE,
        no_color=bool(os.environ.get("NO_COLOR")),
    )


def describe(changes: Changes, *, planned: bool) -> str:
    """Return changes in words: "+3 to create, ~1 to update"."""
    words = [
        (changes.create, "+", "to create" if planned else "created"),
        (changes.update, "~", "to update" if planned else "updated"),
        (changes.replace, "±", "to replace" if planned else "replaced"),
        (changes.delete, "-", "to delete" if planned else "deleted"),
    ]
    return ", ".join(f"{sign}{count} {word}" for count, sign, word in words if count)


class Progress:
    """Shows a run while it goes on. Use as a context manager; `hear` takes the run's events."""

    def __init__(self, stacks: tuple[str, ...], *, planned: bool, stream: IO[str] | None = None) -> None:
        target: IO[str] = sys.stderr if stream is None else stream
        self._console = console(target)
        self._planned = planned
        self._states = dict.fromkeys(stacks, Text("waiting", "dim"))
        self._details = dict.fromkeys(stacks, "")
        self._began: dict[str, float] = {}
        self._live = Live(self._table(), console=self._console, transient=True) if target.isatty() else None

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the live table away: the result follows on standard output."""
        if self._live:
            self._live.stop()

    def hear(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, StackOutput):
            self._console.print(f"{event.stack}: {event.line}", markup=False)
            return
        self._note(event)
        if self._live:
            self._live.update(self._table())
        elif not isinstance(event, StackProgress):
            state, detail = self._states[event.stack].plain, self._details[event.stack]
            self._console.print(f"{event.stack}: {state}{f' ({detail})' if detail else ''}", markup=False)

    def _note(self, event: StackStarted | StackProgress | StackOutcome) -> None:
        if isinstance(event, StackStarted):
            self._began[event.stack] = time.monotonic()
            self._states[event.stack] = Text("running", "cyan")
        elif isinstance(event, StackProgress):
            self._details[event.stack] = f"{event.done} done, last {event.step.type} {event.step.name}"
        else:
            self._states[event.stack] = Text(event.result, STYLES[event.result])
            took = f"{event.seconds:.1f} s" if event.seconds else ""
            said = describe(event.changes, planned=self._planned)
            self._details[event.stack] = ", ".join(part for part in (event.reason or said, took) if part)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for stack, state in self._states.items():
            running = state.plain == "running"
            clock = f"{time.monotonic() - self._began[stack]:.0f} s" if running else ""
            table.add_row(stack, state, clock, self._details[stack])
        return table


def result_table(report: RunReport) -> Table:
    """Return the report of a run as a table, one row per stack."""
    planned = report.command == "preview"
    title = f"{report.command} of {report.environment}: {report.result}, {report.seconds:.1f} s"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("stack", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("changes")
    table.add_column("same", justify="right")
    table.add_column("seconds", justify="right")
    if any(stack.reason for stack in report.stacks):
        table.add_column("why", overflow="fold")
    for stack in report.stacks:
        changes = Changes(**stack.changes.model_dump())
        result = Text(stack.result, STYLES[stack.result])
        cells = (describe(changes, planned=planned), str(changes.same), f"{stack.seconds:.1f}", Text(stack.reason))
        table.add_row(stack.name, result, *cells[: len(table.columns) - 2])
    return table
