"""CODEOWNERS names every stack and nothing that is not there."""

from pathlib import Path

import pytest

from shared.checks.owners import check_owners
from shared.checks.result import CheckResult
from tests.unit.checks.conftest import REPOSITORY


@pytest.mark.parametrize("root", [None, REPOSITORY], ids=["small", "this one"])
def test_a_whole_file_passes(repository: Path, root: Path | None) -> None:
    assert check_owners(root or repository) == CheckResult(ok=True)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("/stacks/identity/ @example/a\n", "", "no line for /stacks/identity/"),
        ("/stacks/identity/", "/stacks/identiti/", "/stacks/identiti/ is no path from the repository's root"),
        ("/stacks/identity/", "stacks/identity/", "stacks/identity/ is no path from the repository's root"),
        ("/stacks/identity/ @example/a", "/stacks/identity/", "/stacks/identity/ has no owner"),
    ],
)
def test_a_gap_is_found(repository: Path, old: str, new: str, problem: str) -> None:
    file = repository / ".github/CODEOWNERS"
    file.write_text(file.read_text().replace(old, new))

    assert f".github/CODEOWNERS: {problem}" in check_owners(repository).detail.splitlines()


def test_no_file_fails(repository: Path) -> None:
    (repository / ".github/CODEOWNERS").unlink()

    assert check_owners(repository).detail == "no .github/CODEOWNERS"
