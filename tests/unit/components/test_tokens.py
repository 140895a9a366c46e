"""Every component has a token of its own from the table: it is part of the URN of every child."""

import importlib
import inspect
import pkgutil
import re

import pulumi
import pytest

import shared.components
from shared.components import tokens

TOKENS = {name: value for name, value in vars(tokens).items() if isinstance(value, str) and name.isupper()}


def _components() -> dict[str, type[pulumi.ComponentResource]]:
    modules = [
        importlib.import_module(f"shared.components.{module.name}")
        for module in pkgutil.iter_modules(shared.components.__path__)
    ]
    return {
        name: member
        for module in modules
        for name, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, pulumi.ComponentResource) and member.__module__ == module.__name__
    }


COMPONENTS = _components()


def _constant(component: str) -> str:
    """Return the constant's name: ROLE_ASSIGNMENTS of RoleAssignments, GITHUB_ROLE of GitHubRole."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", component.replace("GitHub", "Github")).upper()


def test_tokens_and_components_belong_together_one_to_one() -> None:
    assert {_constant(name) for name in COMPONENTS} == set(TOKENS)
    assert len(set(TOKENS.values())) == len(TOKENS)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_uses_its_own_token_and_reports_its_outputs(name: str) -> None:
    token = TOKENS[_constant(name)]
    assert re.fullmatch(rf"mlplatform:[a-z]+:{name}", token)
    source = inspect.getsource(COMPONENTS[name])
    assert re.findall(r"tokens\.([A-Z_]+)", source) == [_constant(name)]
    assert source.count("self.register_outputs(") == 1


@pytest.mark.parametrize("name", COMPONENTS)
def test_arguments_of_a_component_are_named(name: str) -> None:
    _, first, *others = inspect.signature(COMPONENTS[name].__init__).parameters.values()
    assert first.name == "name"
    assert {one.kind for one in others} == {inspect.Parameter.KEYWORD_ONLY}
    assert "opts" in {one.name for one in others}
