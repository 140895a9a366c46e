"""What goes wrong with a set-up ends in one sentence and exit code 1, and the next `./inv` repairs it."""

import ast
import json
import os
import runpy
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest
import uv

from tests.unit.launcher.conftest import REPOSITORY, Clone


def fake_uv(clone: Clone, folder: Path, script: str) -> dict[str, str]:
    """Put a uv that runs `script` first on PATH; in it, $UV is the real one."""
    folder.mkdir(exist_ok=True)
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\nUV='{uv.find_uv_bin()}'\nFOLDER='{folder}'\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}{os.pathsep}{clone.environment['PATH']}"}


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)


HANGING_UV = (
    'test "$1" = venv && exec "$UV" "$@"\ntouch "$FOLDER/began"\nwhile ! test -e "$FOLDER/go"; do sleep 0.05; done'
)


def test_no_index_is_named_and_hashes_are_required(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "fake"
    clone.answer(**fake_uv(clone, folder, 'echo "$@" >> "$FOLDER/calls"\nexec "$UV" "$@"'))

    calls = (folder / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["venv", "pip"]
    assert "--require-hashes" in calls[1]
    assert "index" not in "".join(calls).replace(str(tmp_path), "")


def test_a_package_with_another_hash_is_refused_by_uv_and_by_pip(clone: Clone) -> None:
    lock = clone.root / "requirements" / "project.txt"
    lock.write_text(f"invoke==1.0 --hash=sha256:{'0' * 64}\n")

    result = clone.run()

    assert (result.returncode, result.stdout) == (1, "")
    assert "inv: uv ended with exit code 1; trying with pip" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "inv: cannot set up .venv: uv ended with exit code 1, then pip ended with exit code 1"
    )
    assert "Hash mismatch" in result.stderr
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in result.stderr
    assert "Traceback" not in result.stderr
    assert not clone.stamp.exists()


def test_where_uv_fails_pip_is_tried(clone: Clone, tmp_path: Path) -> None:
    answer = clone.run("check", folder=None, **fake_uv(clone, tmp_path / "fake", "echo no index; exit 2"))

    assert answer.returncode == 0, answer.stderr
    assert "inv: uv ended with exit code 2; trying with pip" in answer.stderr


def test_a_torn_environment_is_made_again(clone: Clone) -> None:
    clone.answer()
    clone.stamp.unlink()
    for package in clone.venv.glob("lib/python*/site-packages/invoke/__main__.py"):
        package.unlink()

    result = clone.run()

    assert result.returncode == 0, result.stderr
    assert "setting up" in result.stderr


def test_the_child_of_a_killed_launcher_is_waited_for(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "fake"
    killed = clone.start(**fake_uv(clone, folder, HANGING_UV))
    wait_for(folder / "began")
    killed.kill()
    killed.wait()

    second = clone.start()
    assert second.stderr is not None
    assert second.stderr.readline() == "inv: another ./inv is setting up .venv; waiting for it ...\n"
    assert second.poll() is None
    (folder / "go").touch()
    second.communicate(timeout=60)
    killed.communicate(timeout=60)

    assert second.returncode == 0
    assert clone.run().stderr == ""


def test_two_at_once_set_up_once(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "fake"
    environment = fake_uv(clone, folder, 'test "$1" = venv && echo "$@" >> "$FOLDER/calls"\nexec "$UV" "$@"')

    both = [clone.start(**environment), clone.start(**environment)]

    assert [(process.communicate(timeout=60)[0] != "", process.returncode) for process in both] == [(True, 0)] * 2
    assert len((folder / "calls").read_text().splitlines()) == 1


def test_a_lock_that_changes_meanwhile_is_noticed_by_the_next_run(clone: Clone, tmp_path: Path) -> None:
    lock = clone.root / "requirements" / "project.txt"
    script = f"""test "$1" = venv && exec "$UV" "$@"\n"$UV" "$@" && echo '# new' >> '{lock}'"""

    assert clone.run(folder=None, **fake_uv(clone, tmp_path / "fake", script)).returncode == 0

    assert "setting up" in clone.run().stderr


def test_an_interrupt_ends_with_130_and_the_next_run_repairs(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "fake"
    process = clone.start(**fake_uv(clone, folder, HANGING_UV))
    wait_for(folder / "began")
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert errors.splitlines()[-1] == "inv: interrupted; the next ./inv starts the set-up again"
    assert clone.run().returncode == 0


def test_a_foreign_environment_behind_a_link_is_left_alone(clone: Clone, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "precious").touch()
    clone.venv.symlink_to(foreign)

    result = clone.run()

    assert result.returncode == 1
    assert f"{clone.venv} is a symlink" in result.stderr
    assert [path.name for path in foreign.iterdir()] == ["precious"]


def test_a_file_in_the_place_of_the_environment_is_left_alone(clone: Clone) -> None:
    clone.venv.write_text("mine")

    result = clone.run()

    assert result.returncode == 1
    assert f"{clone.venv} is a file" in result.stderr
    assert clone.venv.read_text() == "mine"


def test_a_missing_lock_is_named(clone: Clone) -> None:
    lock = clone.root / "requirements" / "project.txt"
    lock.unlink()

    result = clone.run()

    assert result.returncode == 1
    assert result.stderr == f"inv: cannot set up or start .venv: {lock}: No such file or directory\n"


@pytest.fixture
def bound_launcher(launcher: ModuleType, plain_clone: Clone, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher's module, in the place of a fresh clone, on a machine without uv."""
    monkeypatch.setattr(launcher, "__file__", str(plain_clone.root / "inv"))
    monkeypatch.setenv("PATH", "")
    return launcher


def test_a_folder_that_nobody_may_write_to_is_one_sentence(
    bound_launcher: ModuleType, plain_clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Root may write to a folder of mode 0555, and these tests may run as root.
    def refuse(path: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(bound_launcher.Path, "mkdir", refuse)

    assert bound_launcher.main([]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"inv: cannot set up or start .venv: {plain_clone.venv}: Permission denied"
    ]


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(
    missing: str,
    bound_launcher: ModuleType,
    plain_clone: Clone,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else object())

    assert bound_launcher.main([]) == 1
    assert "install the package python3-venv" in capsys.readouterr().err
    assert not plain_clone.venv.exists()


def test_an_old_python_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(sys, "version", "3.10.13 (main)")

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(REPOSITORY / "inv"), run_name="__main__")

    assert ended.value.code == "inv: needs Python 3.11 or newer, this is 3.10.13; run it as `python3.11 inv`"


def test_standard_streams_that_are_closed_are_there_and_empty(clone: Clone) -> None:
    clone.answer()
    closed = ["sh", "-c", 'exec "$@" <&- 2>&-', "sh", *clone.command()]

    done = subprocess.run(closed, env=clone.environment, stdout=subprocess.PIPE, check=True)

    assert json.loads(done.stdout)["streams"]


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((REPOSITORY / "inv").read_text(), feature_version=(3, 6))


def test_it_imports_the_standard_library_only() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(REPOSITORY / 'inv')!r})"]

    subprocess.run(command, check=True)
