"""A bench works on a copy of the programs as they are in the work tree."""

import subprocess
import sys
from pathlib import Path

from shared.bench.place import Place, copied
from shared.bench.starts import commit_everything
from shared.engine import Engine

ENGINE = Engine(path=Path("/opt/engine/pulumi"), version="3.259.0", origin="cache", reason="")


def repository(folder: Path) -> Path:
    for name, text in {
        "tasks.py": "",
        "shared/a.py": "A = 1\n",
        "shared/data.json": "{}",
        "stacks/x/program.py": "",
        "environments/sandbox.yaml": "a: 1\n",
        "requirements/project.txt": "",
        "tests/test_a.py": "",
        ".sandbox/passphrase": "secret",
        ".venv/bin/python": "",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def files(root: Path) -> set[str]:
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return {str(path) for path in found if "__pycache__" not in path.parts and path.parts[0] != ".git"}


def test_programs_and_settings_are_copied_and_nothing_else(tmp_path: Path) -> None:
    place = copied(repository(tmp_path / "mine"), tmp_path / "bench", ENGINE)
    assert files(place.root) == {
        "tasks.py",
        "shared/a.py",
        "shared/data.json",
        "stacks/x/program.py",
        "environments/sandbox.yaml",
        "requirements/project.txt",
    }
    assert list((place.root / "shared").glob("__pycache__/a.*.pyc")), "no measured command compiles"


def test_the_engine_of_the_bench_comes_first(tmp_path: Path) -> None:
    place = Place(folder=tmp_path, root=tmp_path, engine=ENGINE)
    command = place.command("some.module", "word", variables={"PULUMI_HOME": "home"})
    assert list(command.words) == [sys.executable, "-m", "some.module", "word"]
    assert command.variables["PATH"].startswith("/opt/engine:")
    assert command.variables["PYTHONPATH"] == str(tmp_path)
    assert command.variables["PULUMI_HOME"] == "home"


def test_the_copy_becomes_a_git_repository_with_everything_committed(tmp_path: Path) -> None:
    place = copied(repository(tmp_path / "mine"), tmp_path / "bench", ENGINE)
    commit_everything(place)
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"],
        cwd=place.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == ""
    assert not (tmp_path / "mine" / ".git").exists()
