"""The ml_workspace stack: one workspace without keys, an endpoint with Entra tokens, configuration for both clouds."""

import json
from typing import Any

import pytest

from shared.components.azure_role import endpoint_scorer
from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs
from stacks.ml_workspace.configuration_values import arm_name
from stacks.ml_workspace.program import program
from tests.unit.sample_contracts import NO_KEY
from tests.unit.sample_environments import sandbox, service_endpoint_environment
from tests.unit.stack_mocks import Run, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs)


@pytest.fixture(scope="module")
def private() -> Run:
    return run_program(program, sandbox(), *CONTRACTS)


@pytest.fixture(scope="module")
def service() -> Run:
    return run_program(program, service_endpoint_environment(), *CONTRACTS, given=NO_KEY)


def _workspace(run: Run) -> dict[str, Any]:
    return dict(run.one("machinelearningservices:Workspace").inputs)


def test_one_workspace_uses_what_the_other_stacks_made(private: Run) -> None:
    workspace = _workspace(private)
    assert workspace["storageAccount"].endswith("/storage_account_id")
    assert workspace["keyVault"].endswith("/providers/Microsoft.Keyvault/ml_vault_id")
    assert "/providers/Microsoft.insights/" in workspace["applicationInsights"]
    assert workspace["containerRegistry"].endswith(private.one("containerregistry:Registry").inputs["registryName"])
    assert workspace["sku"] == {"name": "Basic", "tier": "Basic"}


def test_the_workspace_acts_as_its_own_identity_without_keys(private: Run) -> None:
    workspace = _workspace(private)
    (own,) = workspace["identity"]["userAssignedIdentities"]
    assert own.endswith("identity_ids/workspace")
    assert workspace["identity"]["type"] == "UserAssigned"
    assert workspace["primaryUserAssignedIdentity"] == own
    assert workspace["systemDatastoresAuthMode"] == "Identity"
    assert workspace["v1LegacyMode"] is False


def test_the_workspace_waits_for_its_roles(private: Run) -> None:
    after = private.one("machinelearningservices:Workspace").after
    assert {
        "registry-workspace-contributor",
        "registry-workspace-network-connection-approver",
        "registry-compute-registry-pull",
        "insights-workspace-contributor",
    } <= after


def test_compute_and_endpoint_wait_for_the_roles_on_the_workspace(private: Run) -> None:
    for waiting in (
        *private.all("machinelearningservices:Compute").values(),
        private.one("machinelearningservices:OnlineEndpoint"),
    ):
        assert "workspace-workspace-contributor" in waiting.after


def test_a_managed_network_reaches_approved_targets_only(private: Run) -> None:
    network = _workspace(private)["managedNetwork"]
    assert network["isolationMode"] == "AllowOnlyApprovedOutbound"
    destinations = {name: rule["destination"]["subresourceTarget"] for name, rule in network["outboundRules"].items()}
    assert destinations == {"storage-queue": "queue", "storage-table": "table"}
    assert {rule["type"] for rule in network["outboundRules"].values()} == {"PrivateEndpoint"}
    assert _workspace(private)["provisionNetworkNow"] is True
    assert _workspace(private)["publicNetworkAccess"] == "Disabled"
    assert _workspace(private)["hbiWorkspace"] is True


def test_without_a_managed_network_compute_is_in_our_subnet(private: Run, service: Run) -> None:
    assert _workspace(service)["managedNetwork"]["isolationMode"] == "Disabled"
    assert "outboundRules" not in _workspace(service)["managedNetwork"]
    assert _workspace(service)["publicNetworkAccess"] == "Enabled"

    def subnets(run: Run) -> set[str | None]:
        clusters = run.all("machinelearningservices:Compute").values()
        return {one.inputs["properties"]["properties"].get("subnet", {}).get("id") for one in clusters}

    assert subnets(private) == {None}
    (subnet,) = subnets(service)
    assert subnet is not None
    assert subnet.endswith("subnet_ids/training")


@pytest.mark.parametrize(("access", "public"), [("service_endpoint", True), ("private_endpoint", False)])
def test_nodes_in_our_subnet_have_public_addresses_only_where_the_workspace_has_no_private_one(
    access: str, *, public: bool
) -> None:
    run = run_program(program, sandbox(ml_workspace__isolation_mode="Disabled", storage__access=access), *CONTRACTS)
    nodes = [one.inputs["properties"]["properties"] for one in run.all("machinelearningservices:Compute").values()]
    assert {(node["enableNodePublicIp"], node["remoteLoginPortPublicAccess"]) for node in nodes} == {
        (public, "Disabled")
    }


def test_clusters_take_no_log_ins_and_cost_nothing_while_idle(private: Run) -> None:
    clusters = private.all("machinelearningservices:Compute")
    assert private.outputs["compute_names"] == {"training": "cpu-train", "image_build": "cpu-build"}
    assert _workspace(private)["imageBuildCompute"] == "cpu-build"
    for cluster in clusters.values():
        assert cluster.inputs["identity"]["userAssignedIdentities"][0].endswith("identity_ids/compute")
        properties = cluster.inputs["properties"]
        assert (properties["computeType"], properties["disableLocalAuth"]) == ("AmlCompute", True)
        details = properties["properties"]
        assert details["enableNodePublicIp"] is False
        assert details["remoteLoginPortPublicAccess"] == "Disabled"
        assert details["scaleSettings"]["minNodeCount"] == 0
        assert len(cluster.inputs["computeName"]) <= 16
    scale = clusters["cpu-train"].inputs["properties"]["properties"]["scaleSettings"]
    assert scale["maxNodeCount"] == 4


def test_the_datastore_has_no_credentials(private: Run) -> None:
    datastore = private.one("machinelearningservices:Datastore").inputs["properties"]
    assert datastore["credentials"] == {"credentialsType": "None"}
    assert datastore["serviceDataAccessAuthIdentity"] == "WorkspaceUserAssignedIdentity"
    assert datastore["containerName"] == "container_names/training_data"
    assert private.outputs["datastore_name"] == "training_data"


def test_the_endpoint_takes_entra_tokens_from_scoring_clients(private: Run) -> None:
    endpoint = private.one("machinelearningservices:OnlineEndpoint")
    assert endpoint.inputs["properties"] == {"authMode": "AADToken", "publicNetworkAccess": "Disabled"}
    assert endpoint.inputs["kind"] == "Managed"
    assert endpoint.inputs["identity"]["userAssignedIdentities"][0].endswith("identity_ids/endpoint")
    assert endpoint.ignore_changes == ("properties.traffic",)
    assignment = private.one("authorization:RoleAssignment", "scoring-scoring-clients-endpoint-scorer").inputs
    assert assignment["roleDefinitionId"].endswith(endpoint_scorer(sandbox()).guid)
    assert assignment["principalType"] == "Group"
    assert private.outputs["online_endpoint_scoring_uri"].endswith("/score")


def test_the_registry_has_no_admin_and_no_public_endpoint(private: Run) -> None:
    registry = private.one("containerregistry:Registry").inputs
    assert (registry["adminUserEnabled"], registry["anonymousPullEnabled"]) == (False, False)
    assert registry["publicNetworkAccess"] == "Disabled"
    assert (registry["zoneRedundancy"], registry["dataEndpointEnabled"]) == ("Enabled", True)
    assert registry["policies"] == {
        "retentionPolicy": {"status": "enabled", "days": 30},
        "exportPolicy": {"status": "disabled"},
    }


def test_a_basic_registry_asks_for_nothing_premium(service: Run) -> None:
    registry = service.one("containerregistry:Registry").inputs
    assert registry["sku"] == {"name": "Basic"}
    assert registry["adminUserEnabled"] is False
    assert registry["zoneRedundancy"] == "Disabled"
    assert "policies" not in registry


def test_what_cannot_pass_the_firewall_of_the_vault_has_no_key_of_ours(private: Run) -> None:
    assert sandbox().key_vault.customer_managed_key
    for kind in ("containerregistry:Registry", "appconfiguration:ConfigurationStore"):
        assert not {"encryption", "identity"} & set(private.one(kind).inputs)


def test_a_public_premium_registry_may_export() -> None:
    environment = sandbox(storage__access="service_endpoint")
    registry = run_program(program, environment, *CONTRACTS).one("containerregistry:Registry").inputs
    assert registry["policies"]["exportPolicy"] == {"status": "enabled"}
    assert registry["publicNetworkAccess"] == "Enabled"


def test_configuration_takes_entra_logins_only(private: Run, service: Run) -> None:
    for run, access, delegation in ((private, "Disabled", "Enabled"), (service, "Enabled", "Disabled")):
        store = run.one("appconfiguration:ConfigurationStore").inputs
        assert store["disableLocalAuth"] is True
        assert store["publicNetworkAccess"] == access
        assert store["dataPlaneProxy"] == {
            "authenticationMode": "Pass-through",
            "privateLinkDelegation": delegation,
        }


def test_a_free_store_has_no_soft_delete() -> None:
    environment = sandbox(
        storage__access="service_endpoint",
        key_vault__customer_managed_key=False,
        key_vault__hardware_keys=False,
        ml_workspace__configuration_sku="free",
        protection__purge=True,
    )
    store = (
        run_program(program, environment, *CONTRACTS, given=NO_KEY).one("appconfiguration:ConfigurationStore").inputs
    )
    assert (store["softDeleteRetentionInDays"], store["enablePurgeProtection"]) == (0, False)


@pytest.mark.parametrize("purge", [True, False])
def test_a_standard_store_can_be_recovered(*, purge: bool) -> None:
    run = run_program(program, sandbox(protection__purge=purge), *CONTRACTS)
    store = run.one("appconfiguration:ConfigurationStore").inputs
    assert (store["softDeleteRetentionInDays"], store["enablePurgeProtection"]) == (7, purge)


def test_configuration_holds_settings_flags_the_aws_pipeline_and_references(private: Run) -> None:
    values = {one.inputs["keyValueName"]: one.inputs for one in private.all("appconfiguration:KeyValue").values()}
    assert {name: one["value"] for name, one in values.items() if one["contentType"] == "text/plain"} == {
        "model~2Flearning-rate$sandbox": "0.1",
        "model~2Frounds$sandbox": "100",
        "sagemaker~2Fpipeline-arn$sandbox": "sagemaker_pipeline_arn",
        "sagemaker~2Fpipeline-name$sandbox": "sagemaker_pipeline_name",
        "sagemaker~2Fmodel-package-group$sandbox": "model_package_group_name",
        "sagemaker~2Fartifact-bucket$sandbox": "artifact_bucket",
        "sagemaker~2Fcross-cloud-role-arn$sandbox": "cross_cloud_role_arn",
    }
    flags = {name: json.loads(one["value"]) for name, one in values.items() if ".ff+json" in one["contentType"]}
    assert {name: flag["enabled"] for name, flag in flags.items()} == {
        ".appconfig.featureflag~2Fchampion-challenger$sandbox": False,
        ".appconfig.featureflag~2Fdrift-alerts$sandbox": True,
    }
    assert {flag["id"] for flag in flags.values()} == {"champion-challenger", "drift-alerts"}
    reference = values["secrets~2Ffeature-source-token$sandbox"]
    assert ".keyvaultref+json" in reference["contentType"]
    assert json.loads(reference["value"]) == {"uri": "key_vault_uri/secrets/feature-source-token"}


@pytest.mark.parametrize(
    ("key", "label", "name"),
    [
        ("plain", "prod", "plain$prod"),
        ("a/b", "prod", "a~2Fb$prod"),
        ("a~b", "x/y", "a~7Eb$x~2Fy"),
        ("a$b%c", "prod", "a~24b~25c$prod"),
        ("x?#\\", "prod", "x~3F~23~5C$prod"),
        ("A:é", "prod", "A~3A~C3~A9$prod"),
    ],
)
def test_keys_and_labels_are_written_as_names_of_arm_resources(key: str, label: str, name: str) -> None:
    assert arm_name(key, label=label) == name


def test_who_may_do_what(private: Run, service: Run) -> None:
    expected = {
        ("registry", "workspace-contributor"),
        ("registry", "compute-registry-pull"),
        ("registry", "compute-registry-push"),
        ("registry", "endpoint-registry-pull"),
        ("insights", "workspace-contributor"),
        ("workspace", "workspace-contributor"),
        ("workspace", "endpoint-ml-metrics-writer"),
        ("workspace", "endpoint-ml-connection-secrets-reader"),
        ("workspace", "data-scientists-ml-data-scientist"),
        ("workspace", "ml-admins-ml-compute-operator"),
        ("scoring", "scoring-clients-endpoint-scorer"),
        ("configuration", "ml-admins-configuration-data-owner"),
        ("configuration", "data-scientists-configuration-data-reader"),
        ("configuration", "compute-configuration-data-reader"),
        ("configuration", "endpoint-configuration-data-reader"),
    }
    approver = ("registry", "workspace-network-connection-approver")
    assert {(scope, role) for scope, _, role in private.granted()} == {*expected, approver}
    assert {(scope, role) for scope, _, role in service.granted()} == expected


def test_private_endpoints_have_all_their_zones(private: Run, service: Run) -> None:
    zones = {
        name: [one["privateDnsZoneId"].rpartition("/")[2] for one in group.inputs["privateDnsZoneConfigs"]]
        for name, group in private.all("network:PrivateDnsZoneGroup").items()
    }
    assert zones == {
        "workspace": ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
        "registry": ["privatelink.azurecr.io"],
        "configuration": ["privatelink.azconfig.io"],
    }
    assert not service.all("network:PrivateEndpoint")


def test_everything_logs(private: Run) -> None:
    logs = {
        name: one.inputs["logs"][0]["categoryGroup"] for name, one in private.all("monitor:DiagnosticSetting").items()
    }
    assert logs == {"workspace-logs": "allLogs", "registry-logs": "audit", "configuration-logs": "audit"}
    insights = private.one("applicationinsights:Component").inputs
    assert insights["ingestionMode"] == "LogAnalytics"
    assert insights["workspaceResourceId"].endswith("log_analytics_id")


@pytest.mark.parametrize("protected", [True, False])
def test_what_holds_state_is_protected_where_the_environment_says_so(*, protected: bool) -> None:
    run = run_program(program, sandbox(protection__deletion=protected), *CONTRACTS)
    stateful = {
        "machinelearningservices:Workspace",
        "containerregistry:Registry",
        "appconfiguration:ConfigurationStore",
    }
    found = {one.type.split(":", 1)[1]: one.protect for one in run.resources if one.type.split(":", 1)[1] in stateful}
    assert found == dict.fromkeys(stateful, protected)


def test_everything_is_tagged(private: Run) -> None:
    untagged = {"Datastore", "RoleAssignment", "PrivateDnsZoneGroup", "DiagnosticSetting"}
    resources = [one for one in private.resources if one.type.startswith("azure-native:")]
    assert {one.type.rpartition(":")[2] for one in resources if "tags" not in one.inputs} == untagged
    assert {one.inputs["tags"]["stack"] for one in resources if "tags" in one.inputs} == {"ml_workspace"}
