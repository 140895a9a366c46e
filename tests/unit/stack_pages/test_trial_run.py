"""A trial of a program sees what it declares and what it reads."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from shared.environment import load
from shared.environment.loading import REPOSITORY

CONTRACT = '''
import dataclasses
from collections.abc import Mapping
from pulumi import Output
from shared.contracts.stack_outputs import StackOutputs, output

@dataclasses.dataclass(frozen=True, kw_only=True)
class FirstOutputs(StackOutputs, stack="first"):
    """What first publishes."""

    name: Output[str] = output("A name.")
    ids: Mapping[str, Output[str]] = output("Ids.")
    never: Output[str] = output("Nobody reads it.")
'''
FIRST = """
import pulumi
import pulumi_azuread as entra
from pulumi_azure_native import resources
from shared.environment import Environment
from stacks.contract import FirstOutputs

def program(env: Environment) -> FirstOutputs:
    found = entra.get_service_principal_output(client_id="made-up")
    group = resources.ResourceGroup("main", location=env.azure.location, managed_by=found.object_id)
    secret = pulumi.Config().require_secret("feature-source-token")
    group.name.apply(lambda name: 1 / 0)  # a cloud computes it: it is not known here
    return FirstOutputs(name=group.name, ids={"a": group.id}, never=secret)
"""
SECOND = """
from pulumi_azure_native import resources
from shared.environment import Environment
from stacks.contract import FirstOutputs

def program(env: Environment, first: FirstOutputs) -> FirstOutputs:
    if env.name == "prod":
        resources.ResourceGroup("inner", resource_group_name=first.name, tags={"id": first.ids["b"]})
    return FirstOutputs(name=first.name, ids={}, never=first.ids["c"])
"""
TRY = """
import json, sys
from pathlib import Path
from shared.environment import load
from shared.stack_pages.trial_run import try_program

stack, environment, root = sys.argv[1:]
trial = try_program(stack, load(environment), Path(root))
print(json.dumps([[[one.name, one.inputs] for one in trial.resources], sorted(trial.reads), trial.publishes.stack]))
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two stacks, the second of which reads from the first."""
    files = {"__init__": "", "contract": CONTRACT, "first/program": FIRST, "second/program": SECOND}
    for name, text in files.items():
        file = tmp_path / "stacks" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


def tried(stack: str, environment: str, root: Path) -> tuple[list[tuple[str, dict[str, object]]], list[list[str]]]:
    # In a process of its own, as the product does it: in this one the repository's stacks are imported.
    command = [sys.executable, "-c", TRY, stack, environment, str(root)]
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    resources, reads, publishes = json.loads(done.stdout)
    assert publishes == "first"
    return [(name, inputs) for name, inputs in resources], reads


def test_it_sees_resources_and_leaves_open_what_a_cloud_computes_or_finds(repository: Path) -> None:
    resources, reads = tried("first", "dev", repository)
    assert resources == [("main", {"location": load("dev").azure.location})]
    assert reads == []


def test_it_sees_which_outputs_are_read_in_which_environment(repository: Path) -> None:
    in_production, reads = tried("second", "prod", repository)
    assert in_production == [("inner", {"resourceGroupName": "made-up-name", "tags": {"id": "made-up-ids-b"}})]
    assert reads == [["first", "ids"], ["first", "name"]]
    assert tried("second", "dev", repository)[0] == []
