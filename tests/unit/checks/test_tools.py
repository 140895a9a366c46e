"""Format, lint and types: a clean repository passes, one fault in any file does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.checks.result import CheckResult
from shared.checks.tools import check_format, check_lint, check_types, run_tool

FAULTS: dict[Callable[[Path], CheckResult], str] = {
    check_format: "x = {  'a':1}\n",
    check_lint: '"""A module."""\n\nimport os\n',
    check_types: '"""A module."""\n\nnumber: int = "text"\n',
}


@pytest.mark.parametrize("check", FAULTS)
def test_a_clean_repository_passes(repository: Path, check: Callable[[Path], CheckResult]) -> None:
    assert check(repository) == CheckResult(ok=True)


@pytest.mark.parametrize("check", FAULTS)
@pytest.mark.parametrize("file", ["shared/faulty.py", "stacks/identity/faulty.py", "tests/faulty.py", "tasks.py"])
def test_a_fault_fails(repository: Path, check: Callable[[Path], CheckResult], file: str) -> None:
    (repository / file).write_text(FAULTS[check])

    result = check(repository)

    assert not result.ok
    assert file in result.detail
    assert result.fix


@pytest.mark.parametrize("check", [check_format, check_lint])
def test_a_fault_in_the_launcher_fails(repository: Path, check: Callable[[Path], CheckResult]) -> None:
    (repository / "inv").write_text(FAULTS[check])

    assert "inv" in check(repository).detail


def test_a_tool_that_is_not_installed_is_a_failure(repository: Path) -> None:
    result = run_tool(repository, ("no_such_tool_at_all",), fix="install it")

    assert not result.ok
    assert "no_such_tool_at_all" in result.detail
