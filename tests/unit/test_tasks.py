"""What the tasks have in common."""

import dataclasses
import subprocess
import sys
from typing import Any

import pytest
from invoke.loader import FilesystemLoader
from invoke.tasks import Task

from shared.commands.arguments import Options
from shared.commands.report_files import RUNS
from shared.environment.loading import REPOSITORY


def tasks() -> dict[str, Task[Any]]:
    module, _ = FilesystemLoader(start=str(REPOSITORY)).load("tasks")
    return {found.name: found for found in vars(module).values() if isinstance(found, Task)}


@pytest.mark.parametrize("name", sorted(tasks()))
def test_a_short_h_asks_for_help(name: str) -> None:
    assert "h" not in {flag for argument in tasks()[name].get_arguments() for flag in argument.names}


@pytest.mark.parametrize("name", sorted(RUNS))
def test_every_run_can_be_reported_in_a_file(name: str) -> None:
    flags = {flag for argument in tasks()[name].get_arguments() for flag in argument.names}
    assert {"html", "junit", "json"} <= flags


def test_what_starts_the_workers_imports_nothing_heavy() -> None:
    source = "import sys, shared.orchestration.forkserver\nprint(*{'pulumi', 'pydantic', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", source], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_workers_are_started_before_a_command_is_imported() -> None:
    source = """
import sys
import shared.orchestration.forkserver as forkserver
def started():
    print("pulumi" in sys.modules, "shared.commands.deploy" in sys.modules)
    raise SystemExit
forkserver.warm_up = started
from invoke.main import program
program.run(["invoke", "deploy", "--env", "sandbox", "--yes"])
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_command_without_an_environment_starts_no_worker() -> None:
    source = """
import shared.orchestration.forkserver as forkserver
forkserver.warm_up = lambda: print("started")
from invoke.main import program
program.run(["invoke", "deploy"])
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")


def test_every_flag_of_a_task_is_an_option() -> None:
    options = {field.name for field in dataclasses.fields(Options)}
    module, _ = FilesystemLoader(start=str(REPOSITORY)).load("tasks")
    flags = {flag.option or name for name, flag in vars(module)["_FLAGS"].items()}
    assert flags | {"root"} == options


@pytest.mark.parametrize("name", sorted(tasks()))
def test_every_flag_of_a_task_is_explained(name: str) -> None:
    assert all(argument.help for argument in tasks()[name].get_arguments())


@pytest.mark.parametrize("words", [("sandbox", "--help"), ("sandbox", "-h"), ("secret", "set", "--help")])
def test_help_is_help_also_where_a_word_is_expected(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "invoke", *words]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: inv[oke] [--core-opts] {words[0]} ")
