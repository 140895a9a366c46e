"""Checks that a tool of the development environment makes: formatter, linter, type checker."""

import subprocess
import sys
from pathlib import Path

from shared.checks.result import CheckResult, failed, passed

# The launcher has no ending that would tell the tools what it is written in.
PYTHON_FILES = (".", "inv")


def run_tool(root: Path, arguments: tuple[str, ...], *, fix: str) -> CheckResult:
    """Run `python -m ARGUMENTS` in `root` and pass where it exits with 0.

    The tool is taken from the environment that runs this program, never from PATH, so that everybody has the locked
    version.
    """
    command = [sys.executable, "-m", *arguments]
    result = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if result.returncode == 0:
        return passed()
    output = f"{result.stdout}{result.stderr}".strip()
    return failed([output or f"{arguments[0]} ended with exit code {result.returncode}"], fix=fix)


def check_format(root: Path) -> CheckResult:
    """Check that every Python file is formatted as ruff would."""
    return run_tool(
        root,
        ("ruff", "format", "--check", *PYTHON_FILES),
        fix="run `.venv/bin/ruff format . inv` and commit the result",
    )


def check_lint(root: Path) -> CheckResult:
    """Check every Python file against the rules that pyproject.toml selects."""
    return run_tool(
        root,
        ("ruff", "check", "--output-format", "concise", *PYTHON_FILES),
        fix="run `.venv/bin/ruff check --fix . inv` and repair by hand what is left",
    )


def check_types(root: Path) -> CheckResult:
    """Check the types of what pyproject.toml includes, in strict mode."""
    return run_tool(root, ("basedpyright",), fix="repair the types; `.venv/bin/basedpyright` shows them again")
