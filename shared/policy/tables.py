"""A judgement for people."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from shared.policy.judgement import Judgement


def tables_of(judgement: Judgement, environment: str) -> Iterator[Table | Text]:
    """Yield what `policy` prints: the findings, then one line of numbers, then what no rule says anything about."""
    if judgement.findings:
        yield _findings(judgement, environment)
    yield Text(
        f"policy of {environment}: {len(judgement.findings)} findings, {judgement.passed} checks passed, "
        f"{len(judgement.suppressed)} findings suppressed with a reason"
    )
    if judgement.not_judged:
        kinds = ", ".join(f"{one.type} ({len(one.names)})" for one in judgement.not_judged)
        yield Text(f"not judged, since no rule is about them: {kinds}")


def _findings(judgement: Judgement, environment: str) -> Table:
    table = Table(title=f"Findings in {environment}", title_justify="left", show_lines=True)
    table.add_column("check", no_wrap=True)
    table.add_column("stack, resource, program", overflow="fold")
    table.add_column("what is wrong, where to look", overflow="fold")
    for one in judgement.findings:
        table.add_row(*map(Text, (one.check, _lines(one.stack, one.name, one.place), _lines(one.what, one.fix))))
    return table


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
