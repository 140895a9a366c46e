"""Policy assignments: what the simulated Azure refuses of them, and what they refuse."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from shared.sandbox.catalog.azure_native.built_in_policies import BUILT_IN_POLICIES
from shared.sandbox.wire import Json
from tests.sandbox.azure_platform import GROUP, REGION, Made, build
from tests.sandbox.simulated_cloud import RefusedError, Resource, SimulatedCloud, simulated_cloud

POLICY = "azure-native:authorization:PolicyAssignment"
IDENTITY, PUBLIC, KEY, ISOLATION, LOCAL = BUILT_IN_POLICIES
DEFINITIONS = "/providers/Microsoft.Authorization/policyDefinitions"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def assignment(made: Made, definition: str, name: str = "one", **parameters: str) -> dict[str, Json]:
    return {
        "scope": made["group"].id,
        "policyAssignmentName": name,
        "policyDefinitionId": f"{DEFINITIONS}/{definition}",
        "parameters": {key: {"value": value} for key, value in parameters.items()},
    }


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"policyAssignmentName": "a" * 65}, "InvalidPolicyAssignmentName"),
        ({"policyAssignmentName": "with.dot"}, "InvalidPolicyAssignmentName"),
        ({"policyAssignmentName": "with space at end "}, "InvalidPolicyAssignmentName"),
        ({"policyDefinitionId": f"{DEFINITIONS}/00000000-0000-4000-8000-00000000dead"}, "PolicyDefinitionNotFound"),
        ({"policyDefinitionId": "identity"}, "InvalidPolicyDefinitionReference"),
        ({"parameters": {"effekt": {"value": "Deny"}}}, "UndefinedPolicyParameter"),
        ({"parameters": {"effect": {"value": "deny"}}}, "PolicyParameterValueNotAllowed"),
        ({"enforcementMode": "Sometimes"}, "InvalidPolicyAssignment"),
        ({"scope": "/subscriptions/11111111-0000-4000-8000-000000000001/resourceGroups/gone"}, "ResourceGroupNotFound"),
    ],
)
def test_an_assignment_is_refused(cloud: SimulatedCloud, made: Made, changed: dict[str, Json], code: str) -> None:
    assert code in cloud.refusal(POLICY, {**assignment(made, IDENTITY), **changed})


def test_a_name_may_have_64_characters_and_fewer_at_a_management_group(cloud: SimulatedCloud, made: Made) -> None:
    cloud.create(POLICY, assignment(made, KEY, "a" * 64))
    above = {**assignment(made, KEY, "a" * 25), "scope": "/providers/Microsoft.Management/managementGroups/root"}
    assert "InvalidPolicyAssignmentName" in cloud.refusal(POLICY, above)


def broken(inputs: dict[str, Any], path: str, value: Json) -> dict[str, Any]:
    """Return inputs with another value at a dotted path."""
    key, _, rest = path.partition(".")
    return {**inputs, key: broken(inputs.get(key) or {}, rest, value) if rest else value}


BREAKING = [
    (IDENTITY, {}, "workspace", "primaryUserAssignedIdentity", ""),
    (PUBLIC, {}, "workspace", "publicNetworkAccess", "Enabled"),
    (PUBLIC, {}, "workspace", "publicNetworkAccess", None),
    (
        ISOLATION,
        {"isolationMode": "AllowOnlyApprovedOutbound"},
        "workspace",
        "managedNetwork.isolationMode",
        "Disabled",
    ),
    (LOCAL, {}, "cluster", "properties.disableLocalAuth", False),
]


@pytest.mark.parametrize(("definition", "more", "name", "path", "value"), BREAKING)
def test_a_denial_refuses_what_breaks_it_and_nothing_else(
    *, tmp_path: Path, definition: str, more: dict[str, str], name: str, path: str, value: Json
) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        cloud.create(POLICY, assignment(made, definition, "denies", effect="Deny", **more))
        cloud.update(made[name])
        with pytest.raises(RefusedError, match=r'RequestDisallowedByPolicy.*"denies"'):
            cloud.update(changed(made[name], path, value))


def changed(resource: Resource, path: str, value: Json) -> Resource:
    return dataclasses.replace(resource, inputs=broken(resource.inputs, path, value))


@pytest.mark.parametrize(
    "assigned",
    [
        {"enforcementMode": "DoNotEnforce", "parameters": {"effect": {"value": "Deny"}}},
        {"parameters": {"effect": {"value": "Audit"}}},
        {"parameters": {"effect": {"value": "Disabled"}}},
        {"parameters": {}},
    ],
)
def test_what_only_watches_refuses_nothing(tmp_path: Path, assigned: dict[str, Json]) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        cloud.create(POLICY, {**assignment(made, PUBLIC), **assigned})
        cloud.update(changed(made["workspace"], "publicNetworkAccess", "Enabled"))


def test_a_policy_counts_in_its_scope_only(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        cloud.create(made["group"].token, {"resourceGroupName": f"{GROUP}-two", "location": REGION})
        cloud.create(POLICY, assignment(made, PUBLIC, "denies", effect="Deny"))
        elsewhere = changed(made["workspace"], "publicNetworkAccess", "Enabled").inputs
        cloud.create(
            made["workspace"].token,
            {**elsewhere, "resourceGroupName": f"{GROUP}-two", "workspaceName": "mlw-elsewhere"},
        )


def test_a_workspace_without_a_key_of_ours_breaks_that_policy(cloud: SimulatedCloud, made: Made) -> None:
    definition = BUILT_IN_POLICIES[KEY]
    assert definition.breaks(made["workspace"].inputs, definition.values({}))
    encrypted = broken(made["workspace"].inputs, "encryption.status", "Enabled")
    assert not definition.breaks(encrypted, definition.values({}))
    assert definition.values({}) == {"effect": "Audit"}
    assert cloud.read(made["workspace"])


def test_a_role_that_is_assigned_is_not_deleted(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        given = cloud.create(
            made["assignment"].token,
            {
                **made["assignment"].inputs,
                "roleAssignmentName": "22222222-0000-4000-8000-000000000009",
                "roleDefinitionId": made["role"].id,
            },
        )
        with pytest.raises(RefusedError, match="RoleDefinitionHasAssignments"):
            cloud.delete(made["role"])
        cloud.delete(given)
        cloud.delete(made["role"])
