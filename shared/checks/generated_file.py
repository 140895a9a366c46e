"""Files, or parts of files, that are made from code and committed: they must be what the code makes now."""

import dataclasses
import difflib
from collections.abc import Callable
from pathlib import Path

from shared.checks.result import CheckResult, failed, passed

DIFF_LINES = 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class GeneratedFile:
    """One file that code makes.

    path: relative to the repository's root; make: given the file's present text, returns what the file should be (a
    function that makes one part keeps the rest); fix: how to write it again.
    """

    path: str
    make: Callable[[str], str]
    fix: str


def check_generated_file(root: Path, file: GeneratedFile) -> CheckResult:
    """Check that the file is what its code makes now; the finding shows the first lines that differ."""
    try:
        present = (root / file.path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return failed([f"{file.path}: is missing"], fix=file.fix)
    expected = file.make(present)
    if present == expected:
        return passed()
    lines = difflib.unified_diff(present.splitlines(), expected.splitlines(), "committed", "generated", lineterm="")
    shown = list(lines)[:DIFF_LINES] or ["only the ends of lines differ"]
    return failed([f"{file.path}: is not what the code makes", *shown], fix=file.fix)
