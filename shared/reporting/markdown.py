"""A run's report as Markdown, for the summary of a step or a comment on a pull request.

Texts of others can neither form Markdown nor HTML there: each mark in them is written as a character reference
("GitHub Flavored Markdown Spec", 2.5). Nothing is cut off half-way: what has no room is left out whole, and counted.
"""

import re
from collections.abc import Iterable

from shared.orchestration.job import Changes as Counts
from shared.reporting.durations import duration
from shared.reporting.model import OperationReport, RunReport, StackReport, Tense
from shared.reporting.plain_text import one_line
from shared.reporting.signs import RESULTS, kind_signed, operations_noun, properties_title
from shared.reporting.terminal import describe

SUMMARY_BYTES = 1_000_000
"""Of a step's summary; GitHub takes 1 MiB ("Workflow commands for GitHub Actions", step isolation and limits)."""
_RESERVE = 400
"""Bytes for the sentence that says what is left out."""
_SAFE = re.compile(r"[^\w ,.;()'/=+-]")
_BADLY = ("failed", "cancelled", "skipped", "succeeded", "unchanged")
_WORST = ("replace", "delete", "create", "update")


def markdown(report: RunReport, limit: int = SUMMARY_BYTES) -> str:
    """Return the report, at most `limit` bytes of UTF-8: the errors first, then a table, then what was done."""
    parts = [_head(report), *_errors(report), *_tables(report, limit // 3)]
    details = [(stack.name, _operations(stack, report.tense)) for stack in _by_urgency(report) if stack.operations]
    room = limit - _RESERVE - sum(_size(part) for part in parts)
    left: list[str] = []
    for name, part in details:
        if _size(part) <= room:
            parts.append(part)
            room -= _size(part)
        else:
            left.append(name)
    if left:
        parts.append(f"The operations of {len(left)} stacks have no room here: --html and --json have all of them.\n")
    return _fitting(parts, limit)


def _head(report: RunReport) -> str:
    facts = [f"took {duration(report.seconds)}", f"exit code {report.exit_code}"]
    if report.commit:
        facts.append(f"commit <code>{_text(report.commit[:12])}</code>")
    results = [stack.result for stack in report.stacks]
    counts = [f"{RESULTS[one]} {results.count(one)} {one}" for one in _BADLY if one in results]
    title = f"{report.command} of {report.environment or 'no environment'}"
    return f"### {_text(title)}: {report.result}\n\n{', '.join([*counts, *facts])}\n"


def _errors(report: RunReport) -> Iterable[str]:
    if report.error:
        yield f"**{_text(report.error)}**\n"
    for stack in report.stacks:
        if stack.result == "failed":
            yield f"- ✗ **{_text(stack.name)}**: {_text(stack.reason) or 'it failed'}\n"


def _tables(report: RunReport, limit: int) -> list[str]:
    """Return the table of the stacks, the worst first, as far as there is room."""
    if not report.stacks:
        return []
    rows: list[str] = []
    room = limit
    stacks = _by_urgency(report)
    for stack in stacks:
        row = _row(report, stack)
        if _size(row) > room:
            break
        rows.append(row)
        room -= _size(row)
    more = len(stacks) - len(rows)
    note = [f"and {more} more stacks\n"] if more else []
    return ["\n| stack | result | changes | time | why |\n|---|---|---|---|---|\n" + "".join(rows) + "\n", *note]


def _row(report: RunReport, stack: StackReport) -> str:
    changes = describe(Counts(**stack.changes.model_dump()), report.tense)
    took = duration(stack.seconds) if stack.seconds else ""
    result = f"{RESULTS[stack.result]} {stack.result}"
    return f"| {_text(stack.name)} | {result} | {_text(changes)} | {took} | {_text(stack.reason)} |\n"


def _operations(stack: StackReport, tense: Tense) -> str:
    rows = "".join(_operation(one, tense) for one in sorted(stack.operations, key=lambda one: (_rank(one), one.name)))
    counts = f"{len(stack.operations)} {operations_noun(tense)}{'' if len(stack.operations) == 1 else 's'}"
    outputs = f"\noutputs that change: {_text(', '.join(stack.outputs))}\n" if stack.outputs else ""
    head = f"| {operations_noun(tense)} | resource | type | {properties_title(tense)} | why |\n|---|---|---|---|---|\n"
    summary = f"<details><summary>{_text(stack.name)}: {counts}</summary>\n\n"
    return f"{summary}{head}{rows}{outputs}\n</details>\n"


def _operation(one: OperationReport, tense: Tense) -> str:
    certain = kind_signed(one.certain, tense)
    possible = f"perhaps {kind_signed(one.possible, tense)}" if one.possible else ""
    cells = (", ".join(filter(None, [certain, possible])), one.name, one.type, ", ".join(one.properties))
    return f"| {' | '.join(_text(cell) for cell in cells)} | {_text(', because '.join(one.reasons))} |\n"


def _rank(one: OperationReport) -> int:
    return min((_WORST.index(kind) for kind in (one.certain, one.possible) if kind), default=len(_WORST))


def _by_urgency(report: RunReport) -> list[StackReport]:
    return sorted(report.stacks, key=lambda stack: _BADLY.index(stack.result))


def _text(text: str) -> str:
    """Return a text that stands for itself: no mark in it means anything."""
    # A name after @ would be notified: it is taken for one by its characters, however they are written.
    said = one_line(text).replace("@", "@\u2060")
    return _SAFE.sub(lambda mark: f"&#{ord(mark[0])};", said).replace("_", "&#95;").strip(" ")


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _fitting(parts: list[str], limit: int) -> str:
    """Return the parts that have room, in their order."""
    kept: list[str] = []
    room = limit
    for part in parts:
        if _size(part) <= room:
            kept.append(part)
            room -= _size(part)
    return "".join(kept)
