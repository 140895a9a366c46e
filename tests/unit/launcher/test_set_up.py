"""`./inv` makes `.venv` once, makes it again when it no longer fits, and then is Invoke."""

import json
import os
import pty
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.unit.launcher.conftest import Clone


def test_a_fresh_clone_is_set_up_with_uv_and_becomes_invoke(clone: Clone, tmp_path: Path) -> None:
    result = clone.run("deploy", "--env", "sandbox", folder=tmp_path)

    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["arguments"] == ["deploy", "--env", "sandbox"]
    assert answer["folder"] == str(clone.root)
    assert answer["prefix"] == str(clone.venv)
    assert "uv = " in (clone.venv / "pyvenv.cfg").read_text()
    lines = result.stderr.splitlines()
    assert lines[0] == "inv: setting up .venv (once, about a minute) ..."
    assert lines[1].startswith("inv: .venv is ready (")
    assert len(lines) == 2


def test_without_uv_pip_makes_the_same(plain_clone: Clone) -> None:
    answer = plain_clone.answer("check")

    assert answer["arguments"] == ["check"]
    assert "uv = " not in (plain_clone.venv / "pyvenv.cfg").read_text()
    assert list(plain_clone.venv.glob("lib/python*/site-packages/invoke/__pycache__/*.pyc"))


def test_uv_compiles_the_packages(clone: Clone) -> None:
    clone.answer(PYTHONDONTWRITEBYTECODE="1")

    assert list(clone.venv.glob("lib/python*/site-packages/invoke/__pycache__/*.pyc"))


def test_the_repository_is_importable_from_any_folder(clone: Clone, tmp_path: Path) -> None:
    clone.answer()

    found = subprocess.run(
        [clone.venv / "bin" / "python", "-c", "import shared; print(shared.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(clone.root / "shared" / "__init__.py")


def test_once_set_up_it_needs_no_tool_and_says_nothing(clone: Clone) -> None:
    clone.answer()

    result = clone.run(PATH=os.defpath, PIP_FIND_LINKS="", UV_FIND_LINKS="")

    assert (result.returncode, result.stderr) == (0, "")


def test_a_changed_lock_is_followed_both_ways(clone: Clone, packages: tuple[Path, dict[str, str]]) -> None:
    lock = clone.root / "requirements" / "project.txt"
    assert clone.answer()["extra"] is False

    lock.write_text("".join(packages[1].values()))
    assert clone.answer()["extra"] is True

    lock.write_text(packages[1]["invoke"])
    assert clone.answer()["extra"] is False


def test_a_moved_clone_is_set_up_again(clone: Clone, tmp_path: Path) -> None:
    clone.answer()
    moved = Clone(tmp_path / "elsewhere" / "clone", clone.environment)
    shutil.move(clone.root, moved.root)

    assert moved.answer()["prefix"] == str(moved.venv)
    assert moved.answer()["shared"] == str(moved.root / "shared" / "__init__.py")


def test_an_interpreter_that_went_away_is_replaced(clone: Clone) -> None:
    clone.answer()
    python = clone.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")

    result = clone.run()

    assert result.returncode == 0, result.stderr
    assert "setting up" in result.stderr


def test_another_interpreter_behind_the_same_link_is_noticed(clone: Clone) -> None:
    clone.answer()
    stamp = clone.stamp.read_text()
    interpreter = stamp.splitlines()[-1]
    clone.stamp.write_text(stamp.replace(interpreter, f"{interpreter}.1"))

    assert "setting up" in clone.run().stderr


def test_invoke_takes_the_launchers_place_and_its_exit_code_is_kept(clone: Clone) -> None:
    clone.answer()

    process = clone.start(STUB_EXIT="12")
    output, _ = process.communicate(timeout=60)

    assert json.loads(output)["pid"] == process.pid
    assert process.returncode == 12


def test_the_terminal_is_kept(clone: Clone) -> None:
    clone.answer()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(clone.command(), env=clone.environment, stdout=theirs, stdin=theirs)
    os.close(theirs)
    output = os.read(ours, 10_000)
    process.wait(timeout=60)
    os.close(ours)

    assert json.loads(output)["terminal"] is True


def test_the_file_itself_can_be_run_also_through_a_link(clone: Clone, tmp_path: Path) -> None:
    link = tmp_path / "inv"
    link.symlink_to(clone.root / "inv")
    path = f"{Path(sys.executable).parent}{os.pathsep}{clone.environment['PATH']}"

    result = subprocess.run(
        [link, "graph"], env=clone.environment | {"PATH": path}, capture_output=True, text=True, check=True
    )

    assert json.loads(result.stdout)["folder"] == str(clone.root)


def test_it_adds_less_than_a_fifth_of_a_second(clone: Clone) -> None:
    clone.answer()

    def fastest(command: list[str]) -> float:
        times: list[float] = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, cwd=clone.root, env=clone.environment, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - began)
        return min(times)

    assert fastest(clone.command()) - fastest([str(clone.venv / "bin" / "python"), "-m", "invoke"]) < 0.2
