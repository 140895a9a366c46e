"""All scenarios as one table for a terminal."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.scenarios.comparison import Kinds, Story, Total, counted, total

_SIGNS: Final = {"create": "+", "update": "~", "replace": "+-", "delete": "-"}
LEGEND: Final = "+ create, ~ update, +- replace, - delete; a stack that nobody says anything about is left out"


def table_text(stories: Sequence[Story], width: int) -> str:
    """Return the table and the totals below it. width: of the terminal, in columns."""
    table = Table(title="Scenarios: what previews said, and what happened", caption=LEGEND)
    for column in ("scenario", "stack", "certain", "possible", "happened", "verdict", "alone said", "verdict on alone"):
        table.add_column(column, overflow="fold")
    for story in stories:
        name = story.name if not story.failures else f"{story.name} (failed)"
        for row in _rows(story):
            table.add_row(name, *row)
            name = ""
        table.add_section()
    printed = StringIO()
    console = Console(file=printed, width=max(width, 100), color_system=None)
    console.print(table)
    for line in totals(stories):
        console.print(line, soft_wrap=True)
    return printed.getvalue()


def totals(stories: Sequence[Story]) -> tuple[str, str, str]:
    """Return the sums of both ways to preview, in sentences."""
    stacks = [stack for story in stories for stack in story.stacks if stack.tells]
    possible = sum(len(stack.said.possible) for stack in stacks)
    spared = sum(len(stack.verdict.spared) for stack in stacks)
    named = f"{possible} operations called possible, of which {spared} did not happen"
    return (
        f"{len(stories)} scenarios, {len(stacks)} previews of stacks that something was said of or done to",
        f"whole graph: {_sum(total(stack.verdict for stack in stacks))}; {named}",
        f"each stack alone: {_sum(total(stack.plain_verdict for stack in stacks))}",
    )


def _sum(found: Total) -> str:
    return (
        f"{found.right} right, {found.missed} missed something, {found.false_alarms} with false alarms, "
        f"{found.blocked} blocked; {found.operations_missed} operations missed in all"
    )


def _rows(story: Story) -> Iterable[tuple[str, ...]]:
    telling = [stack for stack in story.stacks if stack.tells]
    for stack in telling:
        yield (
            stack.stack,
            short(stack.said.certain),
            short(stack.said.possible),
            short(stack.happened),
            str(stack.verdict),
            "blocked" if stack.plain.blocked else short(stack.plain.certain),
            str(stack.plain_verdict),
        )
    if not telling:
        yield "all", "", "", "", "right", "", "right"


def short(kinds: Kinds) -> str:
    """Return "+2 ~1" for two that are created and one that is updated."""
    return " ".join(f"{_SIGNS[kind]}{count}" for kind, count in counted(kinds).items())
