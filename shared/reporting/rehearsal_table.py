"""How a rehearsal looks to a person."""

from rich.table import Table
from rich.text import Text

from shared.orchestration.job import Changes
from shared.rehearsal.report import RehearsalReport, Step
from shared.reporting.terminal import STYLES, describe


def rehearsal_table(report: RehearsalReport) -> Table:
    """Return a rehearsal as a table, one row per step."""
    title = f"rehearsal of {report.environment}: {report.result}, {report.seconds:.1f} s"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("step", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("changes")
    table.add_column("seconds", justify="right")
    table.add_column("why", overflow="fold")
    for step in report.steps:
        result = Text(step.result, STYLES[step.result])
        table.add_row(step.name, result, _changes(step), f"{step.seconds:.1f}", Text(step.reason))
    if report.kept:
        table.caption = f"state and inventory are in {report.kept}"
    return table


def _changes(step: Step) -> str:
    kinds = ("create", "update", "replace", "delete")
    sums = {kind: sum(getattr(stack.changes, kind) for stack in step.stacks) for kind in kinds}
    return describe(Changes(**sums), "done")
