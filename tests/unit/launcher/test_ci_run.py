"""What continuous integration runs: the checks, then the tests, whose summary is the last line."""

import dataclasses
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.unit.launcher.conftest import REPOSITORY

STUB_LAUNCHER = """#!/bin/sh
echo "$PWD $*" >> calls
test "$*" = "$FAILING" && exit 3
echo "== 1 passed in 0.01s =="
"""


@dataclasses.dataclass(frozen=True)
class Outcome:
    code: int
    calls: list[str]
    last_line: str


def run(root: Path, *, failing: str = "") -> Outcome:
    (root / ".ci").mkdir(parents=True)
    shutil.copy(REPOSITORY / ".ci/run", root / ".ci/run")
    (root / "inv").write_text(STUB_LAUNCHER)
    (root / "inv").chmod(stat.S_IRWXU)
    environment = {"PATH": "/usr/bin:/bin", "FAILING": failing}
    result = subprocess.run(
        [root / ".ci/run"], cwd=root.parent, env=environment, capture_output=True, text=True, check=False
    )
    calls = (root / "calls").read_text().splitlines()
    return Outcome(result.returncode, calls, result.stdout.splitlines()[-1] if result.stdout else "")


def test_from_any_folder_it_checks_and_then_tests(tmp_path: Path) -> None:
    root = tmp_path / "a clone"

    assert run(root) == Outcome(0, [f"{root} check", f"{root} test --slow", f"{root} test"], "== 1 passed in 0.01s ==")


@pytest.mark.parametrize(("failing", "calls"), [("check", 1), ("test --slow", 2), ("test", 3)])
def test_a_failure_ends_it_with_the_same_code(tmp_path: Path, failing: str, calls: int) -> None:
    outcome = run(tmp_path / "clone", failing=failing)

    assert outcome.code == 3
    assert len(outcome.calls) == calls
