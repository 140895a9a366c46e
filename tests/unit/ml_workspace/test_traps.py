"""Traps that others stepped into. Each test fails where the program does what looks right and is not."""

import json
from typing import Any

import pytest

from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs
from stacks.ml_workspace.configuration_values import FEATURE_FLAG, VAULT_REFERENCE, feature_flag, vault_reference
from stacks.ml_workspace.program import program
from tests.unit.sample_contracts import NO_KEY
from tests.unit.sample_environments import sandbox, service_endpoint_environment
from tests.unit.stack_mocks import Registered, Run, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs)
VAULT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"


@pytest.fixture(scope="module")
def private() -> Run:
    return run_program(program, sandbox(), *CONTRACTS, given={"key_vault.ml_vault_id": VAULT})


@pytest.fixture(scope="module")
def open_one() -> Run:
    return run_program(program, service_endpoint_environment(), *CONTRACTS, given=NO_KEY)


def _workspace(run: Run) -> dict[str, Any]:
    return dict(run.one("machinelearningservices:Workspace").inputs)


def _all_after(run: Run, resource: Registered) -> set[str]:
    """Return the URNs of everything that a resource waits for, directly or not."""
    by_urn = {one.urn: one for one in run.resources}
    found: set[str] = set()
    waiting = list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn not in found and urn in by_urn:
            found.add(urn)
            waiting.extend((*by_urn[urn].depends_on, by_urn[urn].parent))
    return found


def test_ids_have_the_case_in_which_the_service_gives_them_back(private: Run) -> None:
    """Azure verified modules: in another case a refresh shows a change of what cannot change."""
    assert _workspace(private)["keyVault"] == VAULT.replace("Microsoft.KeyVault", "Microsoft.Keyvault")
    assert _workspace(private)["applicationInsights"].count("/providers/Microsoft.insights/") == 1
    assert "/Microsoft.Insights/" not in _workspace(private)["applicationInsights"]


def test_the_primary_identity_is_named(private: Run, open_one: Run) -> None:
    """hashicorp/terraform-provider-azurerm issue 29074: without it the service answers 400."""
    for run in (private, open_one):
        assigned = _workspace(run)["identity"]["userAssignedIdentities"]
        assert [_workspace(run)["primaryUserAssignedIdentity"]] == assigned


def test_every_role_that_the_workspace_needs_is_there_before_it(private: Run) -> None:
    """With a user-assigned identity the service assigns no role itself."""
    after = _all_after(private, private.one("machinelearningservices:Workspace"))
    roles = [one for one in private.all("authorization:RoleAssignment").values() if one.urn in after]
    assert {one.name for one in roles if "-workspace-" in one.name} == {
        "insights-workspace-contributor",
        "registry-workspace-contributor",
        "registry-workspace-network-connection-approver",
    }


def test_what_acts_in_the_workspace_comes_after_the_role_of_its_identity_on_it(private: Run) -> None:
    role = private.one("authorization:RoleAssignment", "workspace-workspace-contributor").urn
    acting = (
        *private.all("machinelearningservices:Compute").values(),
        private.one("machinelearningservices:OnlineEndpoint"),
    )
    assert all(role in _all_after(private, one) for one in acting)


def test_the_identity_of_an_endpoint_is_there_from_the_beginning_and_user_assigned(private: Run) -> None:
    """An endpoint's identity never changes: the system-assigned default could not be turned into ours."""
    identity = private.one("machinelearningservices:OnlineEndpoint").inputs["identity"]
    assert identity["type"] == "UserAssigned"
    assert len(identity["userAssignedIdentities"]) == 1


def test_the_compute_that_builds_images_is_named_not_referred_to(private: Run) -> None:
    """The workspace is there before its compute: an id would be a cycle, and the service wants the name."""
    name = _workspace(private)["imageBuildCompute"]
    cluster = private.one("machinelearningservices:Compute", "cpu-build")
    assert cluster.inputs["computeName"] == name
    assert "/" not in name
    workspace = private.one("machinelearningservices:Workspace")
    assert workspace.urn in _all_after(private, cluster)
    assert cluster.urn not in _all_after(private, workspace)


def test_compute_has_user_assigned_identities_and_no_other(private: Run) -> None:
    """A compute has its own or assigned ones, never both."""
    kinds = {one.inputs["identity"]["type"] for one in private.all("machinelearningservices:Compute").values()}
    assert kinds == {"UserAssigned"}


def test_queues_and_tables_have_private_endpoints_of_their_own(private: Run) -> None:
    """The service makes those to blobs and files; batch endpoints need these too."""
    rules = _workspace(private)["managedNetwork"]["outboundRules"]
    targets = {(rule["destination"]["subresourceTarget"], rule["category"]) for rule in rules.values()}
    assert targets == {("queue", "UserDefined"), ("table", "UserDefined")}


def test_no_rule_names_a_host(private: Run) -> None:
    """The first one starts a firewall that costs more than everything else."""
    rules = _workspace(private)["managedNetwork"]["outboundRules"].values()
    assert not [rule for rule in rules if rule["type"] == "FQDN"]
    assert _workspace(private)["managedNetwork"]["firewallSku"] == "Basic"


def test_no_rule_leads_to_app_configuration(private: Run) -> None:
    """It is none of the services that a managed network has private endpoints to."""
    rules = _workspace(private)["managedNetwork"]["outboundRules"].values()
    ids = {rule["destination"]["serviceResourceId"] for rule in rules}
    assert len(ids) == 1
    assert next(iter(ids)).endswith("storage_account_id")


def test_a_managed_network_keeps_compute_out_of_ours(private: Run) -> None:
    for one in private.all("machinelearningservices:Compute").values():
        assert "subnet" not in one.inputs["properties"]["properties"]


def test_what_a_cluster_cannot_change_makes_it_anew(private: Run) -> None:
    """The service changes the number of nodes and nothing else, and the provider does not know that."""
    for one in private.all("machinelearningservices:Compute").values():
        assert one.delete_before_replace
        assert set(one.replace_on_changes) == {
            "identity",
            "properties.disableLocalAuth",
            "properties.properties.enableNodePublicIp",
            "properties.properties.osType",
            "properties.properties.remoteLoginPortPublicAccess",
            "properties.properties.subnet",
            "properties.properties.vmPriority",
            "properties.properties.vmSize",
        }
        assert not [key for key in one.replace_on_changes if "scaleSettings" in key]


def test_the_free_tier_has_no_days_of_soft_delete(open_one: Run, private: Run) -> None:
    """Left out, the SDK says seven, which the free tier refuses."""
    free = open_one.one("appconfiguration:ConfigurationStore").inputs
    assert free["sku"] == {"name": "free"}
    assert (free["softDeleteRetentionInDays"], free["enablePurgeProtection"]) == (0, False)
    assert private.one("appconfiguration:ConfigurationStore").inputs["softDeleteRetentionInDays"] == 7


def test_key_values_pass_through_where_there_are_no_keys(private: Run, open_one: Run) -> None:
    """Without local authentication Azure Resource Manager writes key-values in this mode only."""
    for run in (private, open_one):
        store = run.one("appconfiguration:ConfigurationStore").inputs
        assert store["disableLocalAuth"] is True
        assert store["dataPlaneProxy"]["authenticationMode"] == "Pass-through"


def test_a_private_store_takes_key_values_by_delegation(private: Run) -> None:
    store = private.one("appconfiguration:ConfigurationStore").inputs
    assert store["publicNetworkAccess"] == "Disabled"
    assert store["dataPlaneProxy"]["privateLinkDelegation"] == "Enabled"


def test_key_values_have_the_label_of_their_environment(private: Run) -> None:
    names = [one.inputs["keyValueName"] for one in private.all("appconfiguration:KeyValue").values()]
    assert names
    assert all(name.count("$") == 1 and name.endswith("$sandbox") for name in names)


def test_a_feature_flag_has_the_shape_that_libraries_read() -> None:
    """Microsoft, "Azure App Configuration feature flag schema": an id that equals the key, and conditions."""
    flag = json.loads(feature_flag("drift", enabled=True))
    assert flag == {"id": "drift", "description": "", "enabled": True, "conditions": {"client_filters": []}}
    assert FEATURE_FLAG == "application/vnd.microsoft.appconfig.ff+json;charset=utf-8"


def test_a_reference_to_a_secret_is_an_address_without_a_version() -> None:
    """With a version, readers would keep the old value after each rotation."""
    assert json.loads(vault_reference("https://kv.vault.azure.net/", "token")) == {
        "uri": "https://kv.vault.azure.net/secrets/token"
    }
    assert VAULT_REFERENCE == "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8"


def test_what_the_release_decides_is_not_set_back(private: Run) -> None:
    endpoint = private.one("machinelearningservices:OnlineEndpoint")
    assert endpoint.ignore_changes == ("properties.traffic",)


def test_the_workspace_has_one_private_endpoint_with_both_zones(private: Run) -> None:
    """Without the second one notebooks do not open; in two groups the endpoint keeps only the later one."""
    groups = [one for one in private.all("network:PrivateDnsZoneGroup").values() if one.inputs["privateEndpointName"]]
    assert len(groups) == 3
    zones = private.one("network:PrivateDnsZoneGroup", "workspace").inputs["privateDnsZoneConfigs"]
    assert [one["name"] for one in zones] == ["privatelink-api-azureml-ms", "privatelink-notebooks-azure-net"]


def test_a_premium_registry_that_is_open_may_export() -> None:
    """The service refuses to forbid exports while the public endpoint is open."""
    run = run_program(program, sandbox(storage__access="service_endpoint"), *CONTRACTS)
    registry = run.one("containerregistry:Registry").inputs
    assert registry["publicNetworkAccess"] == "Enabled"
    assert registry["policies"]["exportPolicy"]["status"] == "enabled"


def test_no_key_opens_anything(private: Run, open_one: Run) -> None:
    for run in (private, open_one):
        assert _workspace(run)["systemDatastoresAuthMode"] == "Identity"
        assert run.one("containerregistry:Registry").inputs["adminUserEnabled"] is False
        assert run.one("machinelearningservices:OnlineEndpoint").inputs["properties"]["authMode"] == "AADToken"
        assert run.one("machinelearningservices:Datastore").inputs["properties"]["credentials"] == {
            "credentialsType": "None"
        }
        for one in run.all("machinelearningservices:Compute").values():
            assert one.inputs["properties"]["disableLocalAuth"] is True
