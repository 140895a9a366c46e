"""What holds for every component: its tags reach every child, its children are its own, it protects what it is told to.

Components are found by import and built with made-up arguments, so that a new one is tested without being listed.
"""

import importlib
import inspect
from pathlib import Path
from typing import Any

import pulumi
import pytest

from shared.checks.layering import imports_of
from shared.components import tokens
from shared.orchestration.stateful import LOST_WITH
from tests.unit.components.found import COMPONENTS
from tests.unit.components.made_up import TAGS, MakeUp
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Registered, Run, record

# These hold nothing but their ids: a login that is made again gets its roles again in the same deployment.
_NOT_PROTECTED = {
    "azuread:index/application:Application",
    "azuread:index/servicePrincipal:ServicePrincipal",
}
_SDKS = {"azure-native": "pulumi_azure_native", "aws": "pulumi_aws", "azuread": "pulumi_azuread"}


def built(name: str, *, switches: bool = True) -> Run:
    """Return what one component registers. switches: the answer to all its yes-or-no arguments."""
    component = COMPONENTS[name]

    def declare() -> dict[str, Any]:
        arguments = MakeUp(environment=sandbox(), switches=switches).arguments(component)
        component("sample", **arguments)
        return {}

    return record(declare)


def children(run: Run) -> list[Registered]:
    """Return the resources of the clouds: everything but components."""
    return [one for one in run.resources if one.type.partition(":")[0] in _SDKS]


def is_taggable(token: str) -> bool:
    """Return whether the SDK's class of a type has tags that are names with values."""
    package, module, kind = token.split(":")
    if package == "azuread":
        return False  # tags of Entra's objects are words that switch features on
    area = module.partition("/")[0]
    found = getattr(importlib.import_module(f"{_SDKS[package]}.{area}"), kind)
    return isinstance(inspect.getattr_static(found, "tags", None), property)


@pytest.fixture(scope="module", params=sorted(COMPONENTS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def run(name: str) -> Run:
    return built(name)


def test_there_are_components() -> None:
    assert len(COMPONENTS) > 5


def test_a_component_has_its_token_and_is_the_parent_of_everything_that_it_makes(name: str, run: Run) -> None:
    token = next(value for value in vars(tokens).values() if str(value).endswith(f":{name}"))
    own = run.one(token, "sample")
    assert children(run)
    assert {one.parent for one in children(run)} == {own.urn}
    assert all(f"::{token}$" in one.urn for one in children(run))


def test_every_child_that_can_have_tags_has_those_of_the_component(run: Run) -> None:
    untagged = [one.type for one in children(run) if is_taggable(one.type) and one.inputs.get("tags") != TAGS]
    assert untagged == []


def test_what_holds_something_is_protected_where_the_component_is_told_to(name: str, run: Run) -> None:
    holding = [one for one in children(run) if one.type in LOST_WITH and one.type not in _NOT_PROTECTED]
    assert {one.protect for one in holding} <= {True}
    unprotected = built(name, switches=False)
    assert not [one.name for one in children(unprotected) if one.protect]


def test_outputs_are_registered_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    register = pulumi.ComponentResource.register_outputs

    def noting(self: pulumi.ComponentResource, outputs: dict[str, Any]) -> None:
        seen.append(type(self).__name__)
        register(self, outputs)

    monkeypatch.setattr(pulumi.ComponentResource, "register_outputs", noting)
    built(name)
    assert seen.count(name) == 1


def test_a_component_knows_only_the_environment_that_it_is_given(name: str) -> None:
    file = Path(inspect.getfile(COMPONENTS[name]))
    source = file.read_text(encoding="utf-8")
    imported = {one.module for one in imports_of(source)}
    allowed = {"shared.environment.Environment", "shared.environment.SagemakerNetwork"}
    assert {module for module in imported if module.startswith("shared.environment")} <= allowed
    assert not {module for module in imported if module.partition(".")[0] in {"os", "sys", "dotenv"}}
    for elsewhere in ("pulumi.get_stack(", "pulumi.Config(", "StackReference(", ".read("):
        assert elsewhere not in source, f"{file.name} reads {elsewhere}...)"


def test_tags_are_seen_where_an_sdk_has_them() -> None:
    assert is_taggable("aws:s3/bucket:Bucket")
    assert is_taggable("azure-native:network:PrivateEndpoint")
    assert not is_taggable("azure-native:network:PrivateDnsZoneGroup")
    assert not is_taggable("aws:iam/rolePolicy:RolePolicy")
