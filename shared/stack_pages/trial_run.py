"""Run a stack's program in this process, with no engine and no cloud, to see what it declares and what it reads.

The run is a preview in which nothing exists yet: what only a cloud can compute stays unknown, as in a first preview.
Pulumi keeps global state, so trials run one after another, in a process of their own.
"""

import dataclasses
import importlib
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_all_config, set_mocks

from shared.contracts import StackOutputs
from shared.environment import Environment
from shared.rehearsal.environment import rehearsed

Read = tuple[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Declared:
    """One resource as a program declares it. type: its token; inputs: by the names that providers see."""

    type: str
    name: str
    inputs: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of one program. reads: the outputs of other stacks that it read, as (stack, field)."""

    publishes: type[StackOutputs]
    resources: tuple[Declared, ...]
    reads: frozenset[Read]


def try_program(stack: str, environment: Environment, root: Path) -> Trial:
    """Run the program of `stack` of the repository at `root` for `environment`.

    Where this process has imported stacks already, those are run: a repository is tried in a process of its own.
    """
    program = _program(stack, root)
    hints = typing.get_type_hints(program)
    publishes = hints.pop("return")
    cloud = _NoCloud()
    reads: set[Read] = set()
    settled = rehearsed(environment)  # ids that its file does not have yet are invented
    arguments = {name: settled if hint is Environment else _stand_in(hint, reads) for name, hint in hints.items()}
    set_mocks(cloud, project=stack, stack=environment.name, preview=True)
    # Each program takes from its configuration what the environment lists as secrets, and nothing else.
    secrets = {f"{stack}:{name}": "secret" for name in environment.key_vault.secrets}
    set_all_config(secrets, list(secrets))
    pulumi.runtime.test(lambda: program(**arguments) and None)()
    return Trial(publishes=publishes, resources=tuple(cloud.declared), reads=frozenset(reads))


def _program(stack: str, root: Path) -> Any:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return importlib.import_module(f"stacks.{stack}.program").program


class _NoCloud(Mocks):
    """Keeps what is declared and computes nothing."""

    def __init__(self) -> None:
        self.declared: list[Declared] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Keep one resource, and give it an id: a list of ids keeps its length only where they are known."""
        self.declared.append(Declared(type=args.typ, name=args.name, inputs=args.inputs))
        return f"/made-up/{args.typ}/{args.name}", {}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Answer a look-up with nothing: what it would find stays out of what is declared."""
        del args
        return {}, []


def _stand_in(contract: type[StackOutputs], reads: set[Read]) -> StackOutputs:
    """Return a contract with made-up values that notes which of its fields are read."""

    def field(name: str, value: Any) -> property:
        def read(_: object) -> Any:
            reads.add((contract.stack, name))
            return value

        return property(read)

    fields = {spec.name: field(spec.name, _made_up(spec.name, spec.leaf, spec.mapping)) for spec in contract.specs()}
    noting = type(contract.__name__, (contract,), fields, stack=contract.stack)
    return cast("StackOutputs", object.__new__(noting))


def _made_up(name: str, leaf: type, mapping: bool) -> Any:  # noqa: FBT001 - both come from the field's declaration
    if mapping:
        return _AnyKey(name)
    return pulumi.Output.from_input(f"made-up-{name}" if leaf is str else leaf())


class _AnyKey(Mapping[str, pulumi.Output[str]]):
    """A mapping of another stack, whose keys are not known while a program runs."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, key: str) -> pulumi.Output[str]:
        return pulumi.Output.from_input(f"made-up-{self._name}-{key}")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError(f"{self._name} has keys that are not known while a program runs: name the key")

    def __len__(self) -> int:
        raise AssertionError(f"{self._name} has keys that are not known while a program runs: name the key")
