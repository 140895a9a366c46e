"""docs/seeds.md is true: what keeps the promises of the example programs is in production, and its tests are there."""

import ast
import dataclasses
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts import StackOutputs
from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.rehearsal.environment import rehearsed
from shared.sandbox.inventory import Inventory
from tests.sandbox.platform_copy import PlatformCopy
from tests.unit.stack_mocks import run_program
from tests.unit.test_stacks_in_every_environment import PROGRAMS

PAGE = (REPOSITORY / "docs/seeds.md").read_text(encoding="utf-8")
# Marked with + in the outputs of the example programs: others read them by these names.
EXPORTED = {
    1: {"resource_group_name", "ml_workspace_name", "configuration_service_name", "app_service_principal"},
    2: {"key_vault_uri", "ml_workspace_name"},
    3: {"resource_group_name", "ml_workspace_name", "online_endpoint_name"},
    4: {"sagemaker_pipeline_arn"},
    5: {"blob_storage_account_url", "key_vault_uri", "managed_identity_id"},
}


@dataclasses.dataclass(frozen=True)
class Thing:
    """Something in a stack. kind: the end of a type's token after a colon, or "output"."""

    stack: str
    kind: str
    name: str


@dataclasses.dataclass(frozen=True)
class Promise:
    """One row. program: the number of the example program."""

    program: int
    text: str
    kept_by: tuple[Thing, ...]
    shown_by: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Deployed:
    """What is in one stack. resources: type and logical name."""

    resources: frozenset[tuple[str, str]]
    outputs: frozenset[str]

    def has(self, thing: Thing) -> bool:
        if thing.kind == "output":
            return thing.name in self.outputs
        return any(f":{type_}".endswith(f":{thing.kind}") and name == thing.name for type_, name in self.resources)


def _rows() -> Iterator[Promise]:
    for section in re.split(r"^## (?=\d)", PAGE, flags=re.MULTILINE)[1:]:
        lines = [line for line in section.splitlines() if line.startswith("|")]
        for line in lines[2:]:
            text, kept_by, shown_by = (cell.strip() for cell in line.strip("|").split("|"))
            words = [entry.split(" ") for entry in re.findall(r"`([^`]+)`", kept_by)]
            things = tuple(Thing(*three) for three in words)
            yield Promise(int(section[0]), text, things, tuple(re.findall(r"`([^`]+)`", shown_by)))


PROMISES = tuple(_rows())
IDS = [f"{one.program} {one.text}" for one in PROMISES]


def test_every_example_program_has_its_promises_and_its_outputs() -> None:
    outputs = {
        number: {
            thing.name for one in PROMISES if one.program == number for thing in one.kept_by if thing.kind == "output"
        }
        for number in EXPORTED
    }
    assert outputs == EXPORTED
    assert all(sum(one.program == number for one in PROMISES) >= 8 for number in EXPORTED)


@pytest.mark.parametrize("promise", PROMISES, ids=IDS)
def test_a_promise_is_kept_by_something_and_shown_by_tests_that_exist(promise: Promise) -> None:
    assert promise.kept_by
    assert promise.shown_by
    missing = [test for test in promise.shown_by if not _exists(*test.split("::"))]
    assert missing == []


def _exists(file: str, function: str) -> bool:
    return function in _functions(REPOSITORY / "tests" / file)


@functools.cache
def _functions(file: Path) -> frozenset[str]:
    if not file.exists():
        return frozenset()
    module = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in module.body if isinstance(node, ast.FunctionDef))


@pytest.fixture(scope="module")
def declared() -> dict[str, Deployed]:
    """Production as its programs declare it."""
    environment = rehearsed(load("prod"))
    secrets = dict.fromkeys(environment.key_vault.secrets, "value")
    found: dict[str, Deployed] = {}
    for program, contracts in PROGRAMS.items():
        run = run_program(program, environment, *contracts, secrets=secrets)
        returned: type[StackOutputs] = program.__annotations__["return"]
        found[returned.stack] = Deployed(
            resources=frozenset((one.type, one.name) for one in run.resources),
            outputs=frozenset(name for name, value in run.outputs.items() if value is not None),
        )
    return found


@pytest.mark.parametrize("promise", PROMISES, ids=IDS)
def test_what_keeps_a_promise_is_declared_in_production(promise: Promise, declared: dict[str, Deployed]) -> None:
    missing = [thing for thing in promise.kept_by if not declared[thing.stack].has(thing)]
    assert missing == []


@pytest.mark.sandbox
@pytest.mark.slow
def test_what_keeps_the_promises_exists_in_a_deployment_of_production(tmp_path: Path) -> None:
    platform, kept = PlatformCopy.make(tmp_path), tmp_path / "kept"
    answer = platform.invoke("rehearse", "--env", "prod", "--json", "--keep", str(kept))
    assert answer.code == 0, answer.stderr
    in_the_cloud = _ids_in(kept / "inventory.sqlite")
    deployed = {stack: _deployed(kept, stack, in_the_cloud) for stack in {thing.stack for thing in _things()}}
    assert [thing for thing in _things() if not deployed[thing.stack].has(thing)] == []


def _things() -> Iterator[Thing]:
    for promise in PROMISES:
        yield from promise.kept_by


def _ids_in(file: Path) -> frozenset[str]:
    inventory = Inventory(file)
    try:
        return frozenset(record.id for record in inventory.all())
    finally:
        inventory.close()


def _deployed(kept: Path, stack: str, in_the_cloud: frozenset[str]) -> Deployed:
    """Return what the state of a stack has, without what the clouds do not have."""
    state = json.loads((kept / f"state/.pulumi/stacks/{stack}/prod.json").read_text(encoding="utf-8"))
    resources = state["checkpoint"]["latest"]["resources"]
    outputs = next(one["outputs"] for one in resources if one["type"] == "pulumi:pulumi:Stack")
    return Deployed(
        resources=frozenset(
            (one["type"], one["urn"].rpartition("::")[2]) for one in resources if one.get("id") in in_the_cloud
        ),
        outputs=frozenset(outputs),
    )
