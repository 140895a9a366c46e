"""Run a stack's program: read the contracts it takes, hand it its environment, publish the contract it returns.

The signature of `program` is the declaration of its dependencies; nothing else crosses a stack boundary.
"""

import inspect
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi

from shared.contracts import StackOutputs
from shared.environment import Environment, EnvironmentFileError, load
from shared.naming import NameTooLongError
from shared.providers import use_explicit_providers

Program = Callable[..., StackOutputs]


def run(program: Program) -> None:
    """Run `program` in the running Pulumi stack, whose name is the environment's name.

    Raises pulumi.RunError, with one sentence, where the environment file, a name or a contract is wrong.
    """
    try:
        environment = load(pulumi.get_stack(), _repository(program))
        use_explicit_providers(environment)
        program(**_arguments(program, environment)).publish()
    except (EnvironmentFileError, NameTooLongError) as error:
        raise pulumi.RunError(str(error)) from error


def _arguments(program: Program, environment: Environment) -> dict[str, Any]:
    hints = typing.get_type_hints(program)
    returned = hints.pop("return")
    if returned.stack != pulumi.get_project():
        problem = f"{returned.__name__} is the contract of {returned.stack}, and this project is {pulumi.get_project()}"
        raise pulumi.RunError(problem)
    return {name: environment if hint is Environment else hint.read(environment.name) for name, hint in hints.items()}


def _repository(program: Program) -> Path:
    """Return the root of the repository that `program` belongs to: it lies in `stacks/<name>/program.py`."""
    return Path(inspect.getfile(program)).resolve().parents[2]
