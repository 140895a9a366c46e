"""The check of all programs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from shared.checks.repository_files import repository_files
from shared.checks.result import CheckResult, failed, passed
from shared.checks.stack_programs.classes import Classes
from shared.checks.stack_programs.creations import find_creations
from shared.checks.stack_programs.lookups import Lookups
from shared.checks.stack_programs.sources import read_sources
from shared.checks.stack_programs.spellings import spelling_traps
from shared.checks.stack_programs.trap import Trap

_FIX = "make every resource outside apply, and read other stacks through their contracts only"


def check_stack_programs(root: Path) -> CheckResult:
    """Check the Python files of `stacks` and of `shared`, whose functions the programs call."""
    paths = [path for path in repository_files(root) if path.parts[0] in {"shared", "stacks"} and path.suffix == ".py"]
    parsed: list[tuple[Path, ast.Module]] = []
    for path in paths:
        try:
            parsed.append((path, ast.parse((root / path).read_text(encoding="utf-8"))))
        except (SyntaxError, ValueError) as error:
            return failed([f"{path.as_posix()}: is not Python: {error}"], fix="correct the file")
    findings = sorted(set(find_traps(parsed)))
    return failed([str(trap) for trap in findings], fix=_FIX) if findings else passed()


def find_traps(files: list[tuple[Path, ast.Module]]) -> Iterator[Trap]:
    """Yield the traps of these files, which are followed together. Each path is relative to the repository's root."""
    sources = read_sources(files)
    classes = Classes(sources)
    yield from find_creations(sources, classes).traps()
    yield from Lookups(sources, classes).traps()
    yield from spelling_traps(sources, classes)
