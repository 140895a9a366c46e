"""actionlint and zizmor: this repository passes, each kind of fault is found, what they need and lack is said."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from semver import Version

from shared.checks.go_tool import GoTool
from shared.checks.result import CheckResult
from shared.checks.workflows import ACTIONLINT, check_actionlint, check_zizmor
from shared.engine.go_toolchain import needed_version
from shared.environment.loading import REPOSITORY
from tests.unit.engine.fake_machine import FakeMachine, fails, says
from tests.workflows.scratch_repository import ACT

CHECKS = (check_actionlint, check_zizmor)
CONCURRENCY = """\
concurrency:
  group: checks-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}
"""


@pytest.fixture
def github(tmp_path: Path) -> Path:
    """A copy of this repository's workflows and actions."""
    shutil.copytree(REPOSITORY / ".github", tmp_path / ".github", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / ".github" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("check", CHECKS)
def test_this_repository_passes(check: Callable[[Path], CheckResult]) -> None:
    assert check(REPOSITORY) == CheckResult(ok=True)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("runs-on:", "run-on:", 'unexpected key "run-on"'),
        ("needs: [preview, rehearsal]", "needs: [preview, rehearsl]", "rehearsl"),
        ("${{ toJSON(needs) }}", "${{ toJSN(needs) }}", "undefined function"),
        ("vars.AZURE_CLIENT_ID }}", "var.AZURE_CLIENT_ID }}", 'undefined variable "var"'),
        ("cancel-in-progress", "cancel_in_progress", "cancel_in_progress"),
    ],
)
def test_actionlint_finds_a_fault(github: Path, old: str, new: str, finding: str) -> None:
    change(github, "workflows/preview.yml", old, new)

    result = check_actionlint(github)

    assert finding in result.detail
    assert "preview.yml" in result.detail
    assert result.fix


def test_the_one_suppression_of_actionlint_is_for_one_key_of_one_file(github: Path) -> None:
    change(github, "workflows/deploy.yml", "queue: max", "queu: max")
    assert "queu" in check_actionlint(github).detail
    change(github, "workflows/deploy.yml", "queu: max", "queue: max")
    change(github, "workflows/checks.yml", "  cancel-in-progress", "  queue: max\n  cancel-in-progress")
    assert "checks.yml" in check_actionlint(github).detail


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("workflows/checks.yml", "        with:\n          persist-credentials: false\n", "", "artipacked"),
        ("workflows/checks.yml", "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
        ("workflows/checks.yml", "permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("workflows/checks.yml", "./inv check", "echo ${{ github.head_ref }}", "template-injection"),
        ("workflows/preview.yml", "on:\n  pull_request:", "on:\n  pull_request_target:", "dangerous-triggers"),
        ("workflows/checks.yml", CONCURRENCY, "", "concurrency-limits"),
        ("workflows/preview.yml", "id-token: write #", "id-token: write\n      #", "undocumented-permissions"),
        ("actions/log-in/action.yml", "@532459ea530d8321f2fb9bb10d1e0bcf23869a43 # v3.0.0", "@v3", "unpinned-uses"),
    ],
)
def test_zizmor_finds_a_fault(github: Path, file: str, old: str, new: str, finding: str) -> None:
    change(github, file, old, new)

    result = check_zizmor(github)

    assert finding in result.detail
    assert result.fix


@pytest.mark.parametrize("check", CHECKS)
def test_no_workflow_at_all_is_a_failure(check: Callable[[Path], CheckResult], github: Path) -> None:
    shutil.rmtree(github / ".github" / "workflows")

    assert check(github).detail == "there is no workflow in .github/workflows"


def test_zizmor_that_is_not_installed_is_a_failure(github: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(github / "python"))

    assert check_zizmor(github).detail == "zizmor cannot be run: No such file or directory"


def test_an_actionlint_that_cannot_be_built_is_a_failure_that_says_what_to_do(github: Path) -> None:
    machine = FakeMachine(github)
    machine.programs["go"] = Path("/usr/bin/go")
    machine.announce("go", "env", "GOVERSION", act=says(f"go{needed_version()}"))
    machine.announce("go", "build", act=fails("ended with code 1: no such host"))

    result = check_actionlint(github, machine)

    assert result.detail == "actionlint could not be built: go: ended with code 1: no such host"
    assert "Go module proxy" in result.fix


@pytest.mark.parametrize("tool", [ACTIONLINT, ACT], ids=lambda tool: tool.name)
def test_the_toolchain_of_the_engine_builds_the_tools_too(tool: GoTool) -> None:
    (line,) = [line for line in (tool.module / "go.mod").read_text().splitlines() if line.startswith("go ")]
    assert Version.parse(line.removeprefix("go ")) <= needed_version()
