"""Every component has a token of its own from the table: it is part of the URN of every child."""

import inspect
import re

import pytest

from shared.components import tokens
from tests.unit.components.found import COMPONENTS

TOKENS = {name: value for name, value in vars(tokens).items() if isinstance(value, str) and name.isupper()}
# A changed token replaces everything below the component in every deployment. Whoever changes a line here gives the
# component an alias with the old token.
PINNED = {
    "CUSTOMER_MANAGED_KEY": "mlplatform:encryption:CustomerManagedKey",
    "DIAGNOSTIC_LOGS": "mlplatform:monitoring:DiagnosticLogs",
    "ENCRYPTED_BUCKET": "mlplatform:storage:EncryptedBucket",
    "GITHUB_APPLICATION": "mlplatform:identity:GitHubApplication",
    "GITHUB_ROLE": "mlplatform:identity:GitHubRole",
    "PRIVATE_ENDPOINT": "mlplatform:network:PrivateEndpoint",
    "ROLE_ASSIGNMENTS": "mlplatform:access:RoleAssignments",
    "SCOPED_ROLE": "mlplatform:identity:ScopedRole",
}


def _constant(component: str) -> str:
    """Return the constant's name: ROLE_ASSIGNMENTS of RoleAssignments, GITHUB_ROLE of GitHubRole."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", component.replace("GitHub", "Github")).upper()


def test_tokens_and_components_belong_together_one_to_one() -> None:
    assert {_constant(name) for name in COMPONENTS} == set(TOKENS)
    assert len(set(TOKENS.values())) == len(TOKENS)


def test_tokens_stay_what_deployments_know() -> None:
    assert TOKENS == PINNED


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_uses_its_own_token(name: str) -> None:
    token = TOKENS[_constant(name)]
    assert re.fullmatch(rf"mlplatform:[a-z]+:{name}", token)
    assert re.findall(r"tokens\.([A-Z_]+)", inspect.getsource(COMPONENTS[name])) == [_constant(name)]


@pytest.mark.parametrize("name", COMPONENTS)
def test_arguments_of_a_component_are_named(name: str) -> None:
    _, first, *others = inspect.signature(COMPONENTS[name].__init__).parameters.values()
    assert first.name == "name"
    assert {one.kind for one in others} == {inspect.Parameter.KEYWORD_ONLY}
    assert "opts" in {one.name for one in others}
