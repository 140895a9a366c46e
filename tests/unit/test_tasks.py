"""What the tasks have in common."""

from typing import Any

import pytest
from invoke.loader import FilesystemLoader
from invoke.tasks import Task

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
