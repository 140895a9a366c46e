"""The workflows of GitHub Actions: actionlint knows their syntax and expressions, zizmor their ways to be attacked.

Both answer the same on every machine: actionlint calls no shellcheck or pyflakes that happens to be on PATH, zizmor
asks no network.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.checks.go_tool import GoTool, built
from shared.checks.result import CheckResult, failed, passed
from shared.engine.errors import CommandError, UnusableError
from shared.engine.machine import Machine
from shared.engine.this_machine import ThisMachine

ACTIONLINT = GoTool(
    name="actionlint",
    package="github.com/rhysd/actionlint/cmd/actionlint",
    module=Path(__file__).parent / "module",
)
_FIX = "repair what it says; a suppression needs a reason beside it, in .github/actionlint.yaml or .github/zizmor.yml"


def check_actionlint(root: Path, machine: Machine | None = None) -> CheckResult:
    """Check the syntax and the expressions of every workflow."""
    files = _workflows(root)
    if not files:
        return failed(["there is no workflow in .github/workflows"], fix="restore the folder")
    try:
        program = built(machine or ThisMachine(), _say, ACTIONLINT)
    except (CommandError, UnusableError, OSError) as error:
        fix = "let this machine reach a Go module proxy, or run the check on one that does"
        return failed([f"actionlint could not be built: {error}"], fix=fix)
    config = root / ".github" / "actionlint.yaml"
    options = ["-no-color", "-shellcheck=", "-pyflakes=", *(["-config-file", str(config)] if config.is_file() else [])]
    return _answer([str(program), *options, *files], root)


def check_zizmor(root: Path) -> CheckResult:
    """Check every workflow and action for what an attacker could use, code smells included."""
    # zizmor passes a folder without workflows.
    if not _workflows(root):
        return failed(["there is no workflow in .github/workflows"], fix="restore the folder")
    # Beside this interpreter, never from PATH, so that everybody has the locked version.
    program = Path(sys.executable).parent / "zizmor"
    options = ("--offline", "--persona", "pedantic", "--strict-collection", "--color", "never", "--quiet")
    return _answer([str(program), *options, ".github"], root)


def _workflows(root: Path) -> list[str]:
    folder = root / ".github" / "workflows"
    return sorted(str(path.relative_to(root)) for ending in ("yml", "yaml") for path in folder.glob(f"*.{ending}"))


def _answer(command: Sequence[str], root: Path) -> CheckResult:
    name = Path(command[0]).name
    try:
        result = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        return failed([f"{name} cannot be run: {error.strerror}"], fix="run the check with ./inv check")
    if result.returncode == 0:
        return passed()
    said = f"{result.stdout}{result.stderr}".strip()
    return failed([said or f"{name} ended with exit code {result.returncode}"], fix=_FIX)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
