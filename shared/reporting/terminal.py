"""How a run looks to a person on standard output: a table. Colour never carries meaning alone."""

import os
from typing import IO, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.orchestration.job import Changes
from shared.reporting.model import RunReport, Tense

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


_WORDS: Final[dict[Tense, tuple[str, str, str, str]]] = {
    "planned": ("to create", "to update", "to replace", "to delete"),
    "done": ("created", "updated", "replaced", "deleted"),
    "found": ("new", "differing", "differing", "gone"),
    "accepted": ("noted", "taken over", "taken over", "forgotten"),
}


def describe(changes: Changes, tense: Tense) -> str:
    """Return changes in words: "+3 to create, ~1 to update"."""
    counts = ((changes.create, "+"), (changes.update, "~"), (changes.replace, "±"), (changes.delete, "-"))
    words = zip(counts, _WORDS[tense], strict=True)
    return ", ".join(f"{sign}{count} {word}" for (count, sign), word in words if count)


def result_table(report: RunReport) -> Table:
    """Return the report of a run as a table, one row per stack."""
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
        cells = (describe(changes, report.tense), str(changes.same), f"{stack.seconds:.1f}", Text(stack.reason))
        table.add_row(stack.name, result, *cells[: len(table.columns) - 2])
    return table
