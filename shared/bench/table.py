"""How a bench looks to a person."""

from rich.table import Table
from rich.text import Text

from shared.bench.report import BenchReport, Row, Spread

_VERDICTS = {True: Text("yes", "green"), False: Text("no", "bold red"), None: Text("")}
_SHORT_TIME = 10


def bench_table(report: BenchReport) -> Table:
    """Return a report as a table, one row per budget. A figure is a median, with least and greatest in brackets."""
    machine = report.machine
    times = "1 round" if report.repeat == 1 else f"{report.repeat} rounds"
    title = f"bench: {times}, {machine.cores} cores, load {machine.load:.1f}, {report.seconds:.0f} s"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("budget", no_wrap=True)
    for name in ("measured", "baseline", "figure"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("limit", no_wrap=True)
    table.add_column("kept")
    for row in report.rows:
        table.add_row(
            row.name,
            _series(row.measured.unit, row.measured),
            _series(row.baseline.unit, row.baseline),
            _figure(row.figure),
            _limit(row),
            _VERDICTS[row.met],
        )
    return table


def _series(unit: str, spread: Spread) -> str:
    digits = 0 if unit == "MB" else 1 if spread.median >= _SHORT_TIME else 2
    return f"{spread.median:.{digits}f} {unit}"


def _figure(figure: Spread) -> str:
    return f"{figure.median:.2f} ({figure.min:.2f}-{figure.max:.2f})"


def _limit(row: Row) -> str:
    if row.limit is None:
        return ""
    sign = "≤" if row.limit.kind == "at most" else "≥"
    return f"{sign} {row.limit.value:g} {'s' if row.unit == 's' else 'x'}"
