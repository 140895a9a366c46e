"""The check of all programs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from shared.checks.repository_files import repository_files
from shared.checks.result import CheckResult, failed, passed
from shared.checks.stack_programs.classes import Classes
from shared.checks.stack_programs.creations import find_creations
from shared.checks.stack_programs.lookups import Lookups
from shared.checks.stack_programs.sources import imported_modules, module_name, read_sources
from shared.checks.stack_programs.spellings import spelling_traps
from shared.checks.stack_programs.trap import Trap

# Read whole, also where no stack uses them yet.
_RUN_IN_PROGRAMS = frozenset({"components", "contracts"})
_FIX = "make every resource outside apply, and read other stacks through their contracts only"


def check_stack_programs(root: Path) -> CheckResult:
    """Check the Python files of `stacks` and of components and contracts, and what they import of this repository."""
    paths = [path for path in repository_files(root) if path.parts[0] in {"shared", "stacks"} and path.suffix == ".py"]
    try:
        parsed = dict(_reached(root, paths))
    except _NotPythonError as error:
        return failed([str(error)], fix="correct the file")
    findings = sorted(set(find_traps(list(parsed.items()))))
    return failed([str(trap) for trap in findings], fix=_FIX) if findings else passed()


def find_traps(files: list[tuple[Path, ast.Module]]) -> Iterator[Trap]:
    """Yield the traps of these files, which are followed together. Each path is relative to the repository's root."""
    sources = read_sources(files)
    classes = Classes(sources)
    yield from find_creations(sources, classes).traps()
    yield from Lookups(sources, classes).traps()
    yield from spelling_traps(sources, classes)


class _NotPythonError(Exception):
    def __init__(self, *, path: Path, problem: Exception) -> None:
        self.path = path
        super().__init__(f"{path.as_posix()}: is not Python: {problem}")


def _reached(root: Path, paths: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the files that run in programs, parsed. Raises _NotPythonError."""
    by_name = {module_name(path): path for path in paths}
    waiting = [path for path in paths if path.parts[0] == "stacks" or path.parts[1] in _RUN_IN_PROGRAMS]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        tree = _parsed(root, path)
        yield path, tree
        found = {by_name[name] for name in imported_modules(tree) if name in by_name} - seen
        seen |= found
        waiting += found


def _parsed(root: Path, path: Path) -> ast.Module:
    try:
        return ast.parse((root / path).read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise _NotPythonError(path=path, problem=error) from error
