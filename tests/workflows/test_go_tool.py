"""A Go tool is built once, from its pinned module, into a place that another module does not share."""

from pathlib import Path

import pytest

from shared.checks.go_tool import GoTool, built
from shared.engine.errors import CommandError
from shared.engine.go_toolchain import needed_version
from shared.engine.machine import Command
from tests.unit.engine.fake_machine import FakeMachine, fails, says


@pytest.fixture
def tool(tmp_path: Path) -> GoTool:
    module = tmp_path / "module"
    module.mkdir()
    (module / "go.mod").write_text("module x\n")
    (module / "go.sum").write_text("sum\n")
    return GoTool(name="lint", package="example.org/lint", module=module)


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    machine = FakeMachine(tmp_path)
    machine.programs["go"] = Path("/usr/bin/go")
    machine.announce("go", "env", "GOVERSION", act=says(f"go{needed_version()}"))
    machine.announce("go", "build", act=write_output)
    return machine


def write_output(command: Command) -> str:
    assert command.folder
    assert (command.folder / "go.mod").read_text() == "module x\n"
    Path(command.arguments[command.arguments.index("-o") + 1]).write_text("program")
    return ""


def builds(machine: FakeMachine) -> int:
    return sum(line.startswith("go build") for line in machine.ran())


def quiet(_line: str) -> None:
    """Take a line of progress and drop it."""


def test_it_is_built_once(machine: FakeMachine, tool: GoTool) -> None:
    first, second = built(machine, quiet, tool), built(machine, quiet, tool)

    assert first == second == tool.place(machine.cache)
    assert first.read_text() == "program"
    assert builds(machine) == 1


def test_the_build_takes_the_pinned_module_and_nothing_of_the_surroundings(machine: FakeMachine, tool: GoTool) -> None:
    built(machine, quiet, tool)

    command = machine.commands[-1]
    assert command.arguments[-1] == "example.org/lint"
    assert "-mod=readonly" in command.arguments
    assert {"GOWORK": "off", "GOTOOLCHAIN": "local"}.items() <= command.variables.items()


def test_another_module_is_another_place(machine: FakeMachine, tool: GoTool) -> None:
    before = built(machine, quiet, tool)
    (tool.module / "go.sum").write_text("another sum\n")

    assert built(machine, quiet, tool) != before
    assert builds(machine) == 2


def test_a_build_that_fails_leaves_nothing_and_the_next_one_works(machine: FakeMachine, tool: GoTool) -> None:
    machine.announce("go", "build", act=fails("ended with code 1: out of memory"))
    with pytest.raises(CommandError, match="out of memory"):
        built(machine, quiet, tool)
    assert [path.name for path in tool.place(machine.cache).parent.iterdir()] == ["build.lock"]

    machine.announce("go", "build", act=write_output)
    assert built(machine, quiet, tool).read_text() == "program"
