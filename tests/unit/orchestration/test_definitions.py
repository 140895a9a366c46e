"""Stacks are read from the signatures of their programs."""

from pathlib import Path

import pytest

from shared.orchestration.definitions import discover
from shared.orchestration.errors import GraphError


def write_program(root: Path, stack: str, source: str) -> None:
    folder = root / "stacks" / stack
    folder.mkdir(parents=True)
    (folder / "program.py").write_text(source, encoding="utf-8")
    for name in ("Pulumi.yaml", "__main__.py"):
        (folder / name).touch()


@pytest.mark.parametrize("name", ["Pulumi.yaml", "__main__.py"])
def test_a_folder_that_pulumi_cannot_run_is_refused(tmp_path: Path, name: str) -> None:
    write_program(tmp_path, "a", "def program(env: Environment) -> AOutputs: ...")
    (tmp_path / "stacks" / "a" / name).unlink()
    with pytest.raises(GraphError, match=f"stacks/a: {name} is missing; copy it"):
        discover(tmp_path)


def test_parameters_that_are_contracts_are_what_a_stack_takes(tmp_path: Path) -> None:
    write_program(tmp_path, "b", "def program(env: Environment, a: AOutputs, c: 'COutputs') -> contracts.BOutputs: ...")
    (definition,) = discover(tmp_path)
    assert definition.name == "b"
    assert definition.takes == ("AOutputs", "COutputs")
    assert definition.publishes == "BOutputs"
    assert definition.main == tmp_path / "stacks" / "b" / "__main__.py"


def test_stacks_come_sorted_by_name(tmp_path: Path) -> None:
    for stack in ("z", "a", "m"):
        write_program(tmp_path, stack, f"def program(env: Environment) -> {stack.upper()}Outputs: ...")
    assert [definition.name for definition in discover(tmp_path)] == ["a", "m", "z"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1", "defines no program()"),
        ("def program(env: Environment): ...", "the result of program() has no contract"),
        ("def program(env) -> AOutputs: ...", "parameter env of program() has no contract"),
        ("def program(", "program.py cannot be read"),
    ],
)
def test_a_program_that_says_nothing_usable_is_refused(tmp_path: Path, source: str, problem: str) -> None:
    write_program(tmp_path, "a", source)
    with pytest.raises(GraphError, match=r"stacks/a: ") as caught:
        discover(tmp_path)
    assert problem in caught.value.problem


def test_a_repository_without_stacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="there is no stack"):
        discover(tmp_path)
