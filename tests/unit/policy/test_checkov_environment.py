"""Checkov's environment is made once, whole, by whichever installer works."""

from pathlib import Path

import pytest

from shared.engine.machine import Command
from shared.policy.checkov_environment import checkov_python, place_of_environment
from shared.policy.errors import CheckovMissingError
from tests.unit.engine.fake_machine import FakeMachine, fails, says


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "checkov.txt"
    file.write_text("checkov==3.3.30\n")
    return file


def makes_environment(command: Command) -> str:
    place = Path(command.arguments[-1])
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").touch()
    return ""


def found(machine: FakeMachine, lock: Path) -> Path:
    lines: list[str] = []
    return checkov_python(machine, lines.append, lock)


def with_pip(machine: FakeMachine) -> None:
    machine.announce("python", "-m", "venv", act=makes_environment)
    machine.announce("python", "-m", "pip", act=says(""))


def with_uv(machine: FakeMachine) -> None:
    machine.programs["uv"] = Path("/bin/uv")
    machine.announce("uv", "venv", act=makes_environment)
    machine.announce("uv", "pip", act=says(""))


def test_pip_makes_it_where_there_is_no_uv_and_only_once(machine: FakeMachine, lock: Path) -> None:
    with_pip(machine)
    python = found(machine, lock)
    assert python.is_file()
    assert python.is_relative_to(machine.cache)
    assert ["--require-hashes" in line for line in machine.ran()] == [False, True]
    assert found(machine, lock) == python
    assert len(machine.ran()) == 2


def test_uv_makes_it_where_there_is_one(machine: FakeMachine, lock: Path) -> None:
    with_uv(machine)
    assert found(machine, lock).is_file()
    assert [line.split()[:2] for line in machine.ran()] == [["uv", "venv"], ["uv", "pip"]]
    assert "--require-hashes" in machine.ran()[1]


def test_uv_beside_our_python_counts(machine: FakeMachine, lock: Path) -> None:
    with_uv(machine)
    machine.beside_python["uv"] = machine.programs.pop("uv")
    assert found(machine, lock).is_file()


def test_pip_follows_where_uv_fails(machine: FakeMachine, lock: Path) -> None:
    with_uv(machine)
    machine.announce("uv", "pip", act=fails("no route to the index"))
    with_pip(machine)
    assert found(machine, lock).is_file()


def test_without_an_index_one_sentence_says_what_to_do_and_nothing_is_left(machine: FakeMachine, lock: Path) -> None:
    with_pip(machine)
    machine.announce("python", "-m", "pip", act=fails("ended with code 1: no matching distribution"))
    with pytest.raises(CheckovMissingError, match="no matching distribution; connect this machine") as caught:
        found(machine, lock)
    assert "\n" not in str(caught.value)
    assert [one.name for one in (machine.cache / "checkov").iterdir() if one.is_dir()] == []


def test_another_lock_is_another_environment(machine: FakeMachine, lock: Path) -> None:
    first = place_of_environment(machine.cache, lock)
    lock.write_text("checkov==3.3.31\n")
    assert place_of_environment(machine.cache, lock) != first


def test_a_missing_lock_is_one_sentence(machine: FakeMachine, tmp_path: Path) -> None:
    with pytest.raises(CheckovMissingError, match="cannot be read"):
        found(machine, tmp_path / "nowhere.txt")


def test_settings_that_lead_pip_elsewhere_are_taken_away(machine: FakeMachine, lock: Path) -> None:
    with_pip(machine)
    found(machine, lock)
    assert all(command.variables["PIP_TARGET"] == "" == command.variables["PYTHONPATH"] for command in machine.commands)
