"""Who gets to the data and the vaults from where: in every environment, whatever its switches say."""

from typing import Any

import pytest

from shared.components.compute_placement import compute_has_public_address, compute_in_our_subnet
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from stacks.key_vault.program import program as key_vault
from tests.unit.network_storage.environments import FILES, combinations, file, run_in
from tests.unit.stack_mocks import Run, run_program

Case = tuple[Environment, Run]


@pytest.fixture(
    scope="module",
    params=[*map(file, FILES), *combinations()],
    ids=lambda env: (
        f"{env.name}-{env.storage.access}-{env.ml_workspace.isolation_mode}-{env.virtual_network.runner_subnet}"
    ),
)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param, run_in(request.param)


def _accounts(run: Run) -> dict[str, dict[str, Any]]:
    return {name: dict(one.inputs) for name, one in run.all("storage:StorageAccount").items()}


def test_accounts_deny_every_network_but_the_training_subnet_in_service_endpoint_mode(case: Case) -> None:
    env, run = case
    for name, account in _accounts(run).items():
        rules = account["networkRuleSet"]
        assert (rules["defaultAction"], rules["bypass"]) == ("Deny", "AzureServices")
        assert not rules.get("ipRules")
        scanner = (
            f"/subscriptions/{env.azure.subscription_id}/providers/Microsoft.Security/datascanners/StorageDataScanner"
        )
        scanned = name == "data" and env.protection.defender
        assert [rule["resourceId"] for rule in rules.get("resourceAccessRules") or []] == ([scanner] if scanned else [])
        admitted = [rule["virtualNetworkResourceId"] for rule in rules["virtualNetworkRules"]]
        by_service_endpoint = name == "data" and not env.private_endpoints
        assert admitted == ([run.outputs["subnet_ids"]["training"]] if by_service_endpoint else [])
        assert account["publicNetworkAccess"] == ("Enabled" if by_service_endpoint else "Disabled")


def test_accounts_take_entra_logins_only_and_show_nothing_to_the_public(case: Case) -> None:
    for account in _accounts(case[1]).values():
        off = (
            "allowBlobPublicAccess",
            "allowSharedKeyAccess",
            "isLocalUserEnabled",
            "isSftpEnabled",
            "allowCrossTenantReplication",
        )
        assert {key: account[key] for key in off} == dict.fromkeys(off, False)
        assert account["enableHttpsTrafficOnly"] is True
        assert account["minimumTlsVersion"] == "TLS1_2"
        assert account["allowedCopyScope"] == "AAD"
        assert account["encryption"]["requireInfrastructureEncryption"] is True
    assert {one.inputs["publicAccess"] for one in case[1].all("storage:BlobContainer").values()} == {"None"}


def test_only_runners_have_a_public_address_of_ours(case: Case) -> None:
    env, run = case
    has_runners = env.virtual_network.runner_subnet is not None
    assert set(run.all("network:PublicIPAddress")) == ({"runner"} if has_runners else set())
    gateways = {name for name, subnet in run.all("network:Subnet").items() if "natGateway" in subnet.inputs}
    assert gateways == ({"runner"} if has_runners else set())


def test_azures_own_way_out_is_closed_but_where_nodes_have_no_other(case: Case) -> None:
    env, run = case
    open_ = {name for name, subnet in run.all("network:Subnet").items() if subnet.inputs["defaultOutboundAccess"]}
    assert open_ == (set() if env.private_endpoints else {"training"})


def test_every_subnet_has_a_security_group_of_its_own(case: Case) -> None:
    subnets = case[1].all("network:Subnet")
    groups = [subnet.inputs["networkSecurityGroup"]["id"] for subnet in subnets.values()]
    assert len(set(groups)) == len(subnets) >= 2


def test_the_service_endpoint_leads_to_our_accounts_only(case: Case) -> None:
    env, run = case
    endpoints = {name: one.inputs.get("serviceEndpoints") for name, one in run.all("network:Subnet").items()}
    assert {name for name, some in endpoints.items() if some} == {"training"}
    policies = run.all("network:ServiceEndpointPolicy")
    # Azure ML asks for private endpoints where its nodes are under such a policy (docs/adr/0009).
    if compute_has_public_address(env):
        assert not policies
        assert "serviceEndpointPolicies" not in run.one("network:Subnet", "training").inputs
        return
    assert len(run.one("network:Subnet", "training").inputs["serviceEndpointPolicies"]) == 1
    allowed = {
        one["service"]: one["serviceResources"]
        for one in policies["training"].inputs["serviceEndpointPolicyDefinitions"]
    }
    (ours,) = allowed.pop("Microsoft.Storage")
    assert ours.endswith("resource_group_id")
    assert allowed == ({"Global": ["/services/Azure/MachineLearning"]} if compute_in_our_subnet(env) else {})


def test_vaults_deny_every_network_and_take_roles_only(case: Case) -> None:
    env = case[0]
    secrets = dict.fromkeys(env.key_vault.secrets, "value")
    for vault in run_program(key_vault, env, IdentityOutputs, secrets=secrets).all("keyvault:Vault").values():
        properties = vault.inputs["properties"]
        assert properties["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
        assert properties["publicNetworkAccess"] == ("Disabled" if env.private_endpoints else "Enabled")
        assert properties["enableRbacAuthorization"] is True
        assert properties["enableSoftDelete"] is True
