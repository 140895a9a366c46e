"""Who may import whom: `shared` knows no stack, a stack knows no other stack, nobody imports a neighbour by bare name.

Pulumi puts a stack's folder first on sys.path: `import config` there finds the file beside it, hides a library of the
same name, and meets the `config` of another stack when both run in one process.
"""

import ast
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.checks.repository_files import repository_files
from shared.checks.result import CheckResult, failed, passed

PRODUCT = frozenset({"shared", "stacks"})
# What product code never imports: it would not run where only the product is.
AROUND_THE_PRODUCT = frozenset({"tasks", "tests"})


@dataclasses.dataclass(frozen=True)
class Import:
    """One imported module. line: counted from 1; module: dotted, with leading dots where it is relative."""

    line: int
    module: str


def imports_of(source: str) -> Iterator[Import]:
    """Yield every import of a module, wherever it stands in it. Raises SyntaxError, ValueError.

    `from a import b` yields `a.b`: b may be a module, and where it is not, its module is still in front.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (f"{node.module}." if node.module else "")
            yield from (Import(node.lineno, start + alias.name) for alias in node.names)


def problem_of(path: Path, module: str, neighbours: frozenset[str]) -> str:
    """Return what is wrong with importing `module` in the file `path`, or nothing.

    path: relative to the repository's root; neighbours: the modules in the same folder.
    """
    if module.startswith("."):
        return f"imports {module} relatively"
    layer, first = path.parts[0], module.split(".", maxsplit=1)[0]
    if first in AROUND_THE_PRODUCT:
        return f"imports {module}, which is not part of the product"
    if first == "stacks":
        return _problem_of_stack_import(path, module)
    # In `shared` no folder is put on sys.path: the standard library wins there.
    hidden = first in neighbours and (layer == "stacks" or first not in sys.stdlib_module_names)
    return f"imports its neighbour {first} by a bare name" if hidden and first not in PRODUCT else ""


def _problem_of_stack_import(path: Path, module: str) -> str:
    if path.parts[0] == "shared":
        return f"imports {module}: shared knows no stack"
    own = path.parts[1]
    other = module.split(".")[1] if "." in module else ""
    return "" if other == own else f"imports {module}: one stack never imports another"


def check_layering(root: Path) -> CheckResult:
    """Check every Python file of `shared` and `stacks`."""
    files = [path for path in repository_files(root) if path.parts[0] in PRODUCT and path.suffix == ".py"]
    findings = [finding for path in files for finding in _findings_in(root, path, _neighbours(path, files))]
    if not findings:
        return passed()
    return failed(
        findings, fix="import `stacks.<own stack>.module` or `shared.module`; what two stacks need goes to shared/"
    )


def _neighbours(path: Path, files: list[Path]) -> frozenset[str]:
    beside = (file.relative_to(path.parent) for file in files if path.parent in file.parents)
    return frozenset(file.parts[0].removesuffix(".py") for file in beside)


def _findings_in(root: Path, path: Path, neighbours: frozenset[str]) -> Iterator[str]:
    try:
        found = list(imports_of((root / path).read_text(encoding="utf-8")))
    except (SyntaxError, ValueError) as error:
        yield f"{path.as_posix()}: is not Python: {error}"
        return
    for item in found:
        problem = problem_of(path, item.module, neighbours)
        if problem:
            yield f"{path.as_posix()}:{item.line}: {problem}"
