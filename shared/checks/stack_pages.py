"""The pages of the stacks say what their programs, contracts and environments say now."""

import json
import subprocess
import sys
from pathlib import Path

from shared.checks.generated_file import GeneratedFile, check_generated_file
from shared.checks.result import CheckResult, failed, passed

_FIX = "run `.venv/bin/python -m shared.stack_pages` and commit the result"


def check_stack_pages(root: Path) -> CheckResult:
    """Check every page of which a part is made from code.

    The programs are tried in a process of their own: Pulumi keeps global state, and other checks run beside this one.
    """
    command = [sys.executable, "-m", "shared.stack_pages", "--print"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return failed([f"the pages of the stacks cannot be made: {last[0]}"], fix="correct that, then " + _FIX)
    return compare(root, json.loads(done.stdout))


def compare(root: Path, made: dict[str, str]) -> CheckResult:
    """Compare the pages with what they should be. made: texts by path."""
    files = [GeneratedFile(path=path, make=lambda _, text=text: text, fix=_FIX) for path, text in made.items()]
    results = [check_generated_file(root, file) for file in files]
    findings = [result.detail for result in results if not result.ok]
    return failed(findings, fix=_FIX) if findings else passed()
