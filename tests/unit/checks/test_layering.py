"""Who may import whom."""

from pathlib import Path

import pytest

from shared.checks.layering import check_layering
from shared.checks.result import CheckResult
from tests.unit.checks.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("file", "line", "problem"),
    [
        ("shared/module.py", "import stacks.identity.program", "shared knows no stack"),
        ("shared/module.py", "from stacks import identity", "shared knows no stack"),
        ("shared/module.py", "import stacks", "shared knows no stack"),
        ("shared/module.py", "def f():\n    from stacks.identity import program", "shared knows no stack"),
        ("shared/module.py", "from tests.unit import x", "not part of the product"),
        ("stacks/identity/program.py", "import tasks", "not part of the product"),
        ("stacks/identity/program.py", "from stacks.key_vault.program import program", "never imports another"),
        ("stacks/identity/program.py", "from stacks import key_vault", "never imports another"),
        ("stacks/identity/program.py", "import stacks.key_vault", "never imports another"),
        ("stacks/identity/program.py", "from .roles import x", "relatively"),
        ("shared/module.py", "from . import other", "relatively"),
        ("stacks/identity/program.py", "import roles", "neighbour roles"),
        ("stacks/identity/program.py", "from roles import x", "neighbour roles"),
        ("stacks/identity/program.py", "import platform", "neighbour platform"),
        ("stacks/identity/program.py", "import parts.one", "neighbour parts"),
        ("shared/module.py", "import other", "neighbour other"),
        ("shared/module.py", "import (", "is not Python"),
    ],
)
def test_a_wrong_import_fails(repository: Path, file: str, line: str, problem: str) -> None:
    plant_neighbours(repository)
    (repository / file).write_text(f'"""A module."""\n{line}\n')

    result = check_layering(repository)

    assert not result.ok
    assert result.detail.startswith(f"{file}:")
    assert problem in result.detail
    assert len(result.detail.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("stacks/identity/program.py", "from stacks.identity.roles import x"),
        ("stacks/identity/program.py", "from stacks.identity import roles"),
        ("stacks/identity/program.py", "from shared.module import x"),
        ("shared/module.py", "from shared.other import x"),
        ("shared/module.py", "import platform"),
        ("shared/module.py", "import pulumi"),
        ("tests/test_x.py", "from stacks.identity.program import program"),
    ],
)
def test_a_right_import_passes(repository: Path, file: str, line: str) -> None:
    plant_neighbours(repository)
    (repository / file).write_text(f'"""A module."""\n{line}\n')

    assert check_layering(repository) == CheckResult(ok=True)


def test_this_repository_passes() -> None:
    assert check_layering(REPOSITORY) == CheckResult(ok=True)


def plant_neighbours(root: Path) -> None:
    (root / "stacks/identity/parts").mkdir()
    for file in ("stacks/identity/parts/one", "stacks/identity/roles", "stacks/identity/platform"):
        (root / f"{file}.py").touch()
    for name in ("other", "platform"):
        (root / "shared" / f"{name}.py").touch()
