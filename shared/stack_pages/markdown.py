"""Markdown: tables, and parts of a file between markers."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

LINE: Final = 120
"""How long a line of prose may be. Rows of tables cannot be broken."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> str:
    """Return a table. numbers: how many of the last columns are aligned to the right."""
    rules = ["---"] * (len(heads) - numbers) + ["--:"] * numbers
    lines = [heads, rules, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_part(text: str, name: str, part: str, *, heading: str) -> str:
    """Return the text with `part` between the markers of `name`, under a new heading at the end where it has none."""
    begin, end = f"<!-- {name}: made by python -m shared.stack_pages -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{part}\n{end}"
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    replaced, count = marked.subn(lambda _: block, text)
    return replaced if count else f"{text.rstrip()}\n\n## {heading}\n{block}\n"
