"""Policies on the resource group deny what our own workspace and compute never are."""

from typing import Any

import pytest

from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs
from shared.environment import Environment, load
from shared.sandbox.catalog.azure_native.built_in_policies import BUILT_IN_POLICIES
from stacks.identity.policies import BuiltInPolicy, built_in_policies
from stacks.identity.program import program
from stacks.ml_workspace.program import program as ml_workspace
from tests.unit.sample_environments import ACCOUNT, changed, service_endpoint_environment
from tests.unit.stack_mocks import Run, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs)
WORKSPACE = "machinelearningservices:Workspace"
COMPUTE = "machinelearningservices:Compute"
# Which property of ours meets each policy that denies.
MET_BY = {
    "ml-workspace-identity": (WORKSPACE, "primaryUserAssignedIdentity"),
    "ml-workspace-public-access": (WORKSPACE, "publicNetworkAccess"),
    "ml-workspace-isolation": (WORKSPACE, "managedNetwork.isolationMode"),
    "ml-compute-local-auth": (COMPUTE, "properties.disableLocalAuth"),
}


@pytest.fixture(scope="module", params=["sandbox", "dev", "staging", "prod"])
def environment(request: pytest.FixtureRequest) -> Environment:
    loaded = load(str(request.param))
    return changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)


@pytest.fixture(scope="module")
def workspace(environment: Environment) -> Run:
    return run_program(ml_workspace, environment, *CONTRACTS)


def without(inputs: dict[str, Any], path: str) -> dict[str, Any]:
    """Return inputs without what lies at a dotted path."""
    key, _, rest = path.partition(".")
    kept = {name: value for name, value in inputs.items() if name != key}
    return {**kept, key: without(inputs[key], rest)} if rest else kept


def breaks(policy: BuiltInPolicy, inputs: dict[str, Any]) -> bool:
    definition = BUILT_IN_POLICIES[policy.definition]
    return definition.breaks(inputs, definition.values(policy.parameters))


def test_our_own_resources_meet_every_policy_that_denies(environment: Environment, workspace: Run) -> None:
    denying = [policy for policy in built_in_policies(environment) if policy.effect == "Deny"]
    assert denying
    for policy in denying:
        kind, path = MET_BY[policy.name]
        judged = [dict(one.inputs) for one in workspace.all(kind).values()]
        assert judged
        assert not [inputs for inputs in judged if breaks(policy, inputs)], policy.name
        assert all(breaks(policy, without(inputs, path)) for inputs in judged), f"{path} is what meets {policy.name}"


def test_what_is_only_reported_is_what_we_do_not_meet(environment: Environment, workspace: Run) -> None:
    reported = [policy for policy in built_in_policies(environment) if policy.effect == "Audit"]
    assert [policy.name for policy in reported] == ["ml-workspace-customer-key"]
    assert all(breaks(policy, dict(workspace.one(WORKSPACE).inputs)) for policy in reported)


def test_each_policy_is_about_a_type_that_its_definition_knows() -> None:
    for policy in built_in_policies(load("prod")):
        definition = BUILT_IN_POLICIES[policy.definition]
        assert set(policy.parameters) | {"effect"} == set(definition.parameters)
        for name, value in {**policy.parameters, "effect": policy.effect}.items():
            assert value in definition.parameters[name]


def test_policies_are_enforced_where_the_environment_says_so(environment: Environment) -> None:
    assigned = run_program(program, environment).all("authorization:PolicyAssignment")
    assert set(assigned) == {policy.name for policy in built_in_policies(environment)}
    assert {one.inputs["enforcementMode"] for one in assigned.values()} == {environment.ml_workspace.policy_enforcement}
    assert (environment.ml_workspace.policy_enforcement == "Default") is (environment.name != "dev")


def test_an_assignment_says_what_it_demands() -> None:
    run = run_program(program, load("sandbox"))
    isolation = run.one("authorization:PolicyAssignment", "ml-workspace-isolation").inputs
    assert isolation["scope"] == run.outputs["resource_group_id"]
    assert isolation["policyDefinitionId"].endswith("/policyDefinitions/6ddb1705-c8cf-450e-aa4b-19ad6703c440")
    assert isolation["parameters"] == {
        "effect": {"value": "Deny"},
        "isolationMode": {"value": "AllowOnlyApprovedOutbound"},
    }
    assert isolation["nonComplianceMessages"] == [{"message": isolation["description"]}]


def test_what_an_environment_does_not_meet_is_not_denied() -> None:
    names = {policy.name for policy in built_in_policies(service_endpoint_environment())}
    assert names == {"ml-workspace-identity", "ml-workspace-customer-key", "ml-compute-local-auth"}
