"""CONTRIBUTING.md is true: who follows it has a stack that deploys, and its tables are those of the tools."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from shared.checks import all_checks
from shared.checks.layering import check_layering
from shared.checks.result import CheckResult
from shared.environment.loading import REPOSITORY
from tests.sandbox.platform_copy import PlatformCopy

TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGE = (REPOSITORY / "docs/how-a-change-travels.md").read_text(encoding="utf-8")
_FILE = re.compile(
    r"`((?:shared|stacks)/[\w/.]+)`[^`]*\n   ```(?:python|yaml)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL
)


def files_of_the_example() -> dict[str, str]:
    """Return the files that the text shows, by path."""
    return {path: textwrap.dedent(body) for path, body in _FILE.findall(TEXT)}


@pytest.fixture
def followed(tmp_path: Path) -> PlatformCopy:
    """A copy of the platform in which somebody did what the text says."""
    platform = PlatformCopy.make(tmp_path)
    for path, text in files_of_the_example().items():
        (platform.root / path).parent.mkdir(parents=True, exist_ok=True)
        (platform.root / path).write_text(text, encoding="utf-8")
    return platform


def test_the_example_is_whole() -> None:
    stack = [f"stacks/audit_log/{name}" for name in ("program.py", "__init__.py", "__main__.py", "Pulumi.yaml")]
    assert [*files_of_the_example()] == ["shared/contracts/audit_log.py", *stack]


@pytest.mark.sandbox
def test_a_stack_that_is_added_by_hand_deploys(followed: PlatformCopy) -> None:
    graph = json.loads(followed.invoke("graph", "--format", "json").stdout)
    assert {"from": "identity", "to": "audit_log"} in graph["edges"]

    answer = followed.run("deploy", "--stacks", "identity,audit_log", "--yes", "--json")

    assert answer.results == {"identity": "succeeded", "audit_log": "succeeded"}, answer.stderr


def test_the_example_passes_the_checks(followed: PlatformCopy) -> None:
    files = [str(followed.root / path) for path in files_of_the_example() if path.endswith(".py")]
    for tool in (["format", "--check"], ["check"]):
        command = [sys.executable, "-m", "ruff", *tool, "--config", str(REPOSITORY / "pyproject.toml"), *files]
        done = subprocess.run(command, cwd=followed.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert check_layering(followed.root) == CheckResult(ok=True)


def test_the_table_of_checks_has_the_checks() -> None:
    assert re.findall(r"^│ ([\w-]+) +│ passed", TEXT, re.MULTILINE) == [check.name for check in all_checks()]


@pytest.mark.parametrize("text", [TEXT, CHANGE], ids=["CONTRIBUTING", "how a change travels"])
def test_every_file_that_is_named_is_there(text: str) -> None:
    example = re.compile("audit_log")
    named = set(re.findall(r"`((?:shared|stacks|tests|docs|\.github|environments)/[\w/.-]*)`", text))
    assert len(named) > 1
    missing = [path for path in named if not example.search(path) and not (REPOSITORY / path).exists()]
    assert missing == []


def test_how_a_change_travels_names_every_variable_that_the_workflows_read() -> None:
    workflows = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / ".github/workflows").iterdir())
    assert set(re.findall(r"\bvars\.(\w+)", workflows)) == set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", CHANGE))
