"""A platform of two small stacks, for what goes wrong: `lower` makes a group, `upper` reads its name."""

import shutil
from pathlib import Path

from tests.sandbox.platform_copy import PlatformCopy

CONTRACTS = '''"""Contracts of the two small stacks."""

import dataclasses
from pulumi import Output
from shared.contracts import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class LowerOutputs(StackOutputs, stack="lower"):
    """What lower publishes."""

    group: Output[str] = output("A group.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class UpperOutputs(StackOutputs, stack="upper"):
    """What upper publishes."""

    identity: Output[str] = output("An identity.")
'''

LOWER = '''"""Makes a group."""

import pulumi_azure_native as az
from sample_contracts import LowerOutputs
from shared.environment import Environment


def program(env: Environment) -> LowerOutputs:
    group = az.resources.ResourceGroup("group", resource_group_name="rg-small", location=env.azure.location)
    return LowerOutputs(group=group.name)
'''

UPPER = '''"""Makes an identity in it."""

import pulumi_azure_native as az
from sample_contracts import LowerOutputs, UpperOutputs
from shared.environment import Environment


def program(env: Environment, lower: LowerOutputs) -> UpperOutputs:
    identity = az.managedidentity.UserAssignedIdentity(
        "identity", resource_group_name=lower.group, resource_name_="id-small", location=env.azure.location
    )
    return UpperOutputs(identity=identity.id)
'''

MAIN = '''"""Runs this stack's program."""

from shared.stack_program import run
from stacks.{name}.program import program

run(program)
'''


def small_platform(folder: Path) -> PlatformCopy:
    """Return a copy of the repository in which the two small stacks stand in place of the five."""
    platform = PlatformCopy.make(folder)
    shutil.rmtree(platform.root / "stacks")
    (platform.root / "sample_contracts.py").write_text(CONTRACTS, encoding="utf-8")
    for name, program in (("lower", LOWER), ("upper", UPPER)):
        stack = platform.root / "stacks" / name
        stack.mkdir(parents=True)
        (stack / "__init__.py").touch()
        (stack / "program.py").write_text(program, encoding="utf-8")
        (stack / "__main__.py").write_text(MAIN.format(name=name), encoding="utf-8")
        (stack / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
    (platform.root / "stacks" / "__init__.py").touch()
    return platform
