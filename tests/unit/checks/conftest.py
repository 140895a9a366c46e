"""A small repository that passes every check, in which each test plants one fault."""

import shutil
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
CLEAN_MODULE = '"""A module without a fault."""\n\nfrom pathlib import Path\n\nHERE: Path = Path(__file__)\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository with this one's settings for tools, one module in `shared` and two stacks."""
    root = tmp_path / "repository"
    for folder in ("shared", "stacks/identity", "stacks/key_vault", "tests", "requirements", ".github"):
        (root / folder).mkdir(parents=True)
    for file in ("shared/module.py", "stacks/identity/program.py", "stacks/key_vault/program.py", "inv", "tasks.py"):
        (root / file).write_text(CLEAN_MODULE)
    for stack in ("identity", "key_vault"):
        (root / "stacks" / stack / "Pulumi.yaml").write_text(f"name: {stack}\nruntime: python\n")
    (root / ".github/CODEOWNERS").write_text(
        "* @example/all\n/stacks/identity/ @example/a\n/stacks/key_vault/ @example/b\n"
    )
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    (root / ".venv").symlink_to(sys.prefix)
    return root
