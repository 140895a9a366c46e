"""The network_storage stack: data that only our network and our identities reach."""

import ipaddress
from typing import Any

import pytest

from shared.contracts import IdentityOutputs, KeyVaultOutputs
from stacks.network_storage.blob_data import STUDIO_ORIGINS
from stacks.network_storage.program import program
from tests.unit.sample_contracts import NO_KEY
from tests.unit.sample_environments import sandbox, service_endpoint_environment
from tests.unit.stack_mocks import Run, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs)
ZONES = {
    "privatelink.blob.core.windows.net",
    "privatelink.file.core.windows.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.api.azureml.ms",
    "privatelink.notebooks.azure.net",
    "privatelink.azurecr.io",
    "privatelink.azconfig.io",
}


@pytest.fixture(scope="module")
def private() -> Run:
    return run_program(program, sandbox(), *CONTRACTS)


@pytest.fixture(scope="module")
def service() -> Run:
    return run_program(program, service_endpoint_environment(), *CONTRACTS, given=NO_KEY)


def _account(run: Run) -> dict[str, Any]:
    return dict(run.one("storage:StorageAccount", "data").inputs)


def test_the_account_is_closed_in_every_environment(private: Run, service: Run) -> None:
    for run in (private, service):
        account = _account(run)
        assert account["kind"] == "StorageV2"
        on = ("enableHttpsTrafficOnly", "defaultToOAuthAuthentication")
        off = (
            "allowBlobPublicAccess",
            "allowSharedKeyAccess",
            "isHnsEnabled",
            "isLocalUserEnabled",
            "isSftpEnabled",
            "allowCrossTenantReplication",
        )
        assert {key: account[key] for key in (*on, *off)} == {**dict.fromkeys(on, True), **dict.fromkeys(off, False)}
        assert account["minimumTlsVersion"] == "TLS1_2"
        assert account["networkRuleSet"]["defaultAction"] == "Deny"
        assert account["networkRuleSet"]["bypass"] == "AzureServices"
        assert account["encryption"]["requireInfrastructureEncryption"] is True
        assert account["sasPolicy"]["sasExpirationPeriod"] == "1.00:00:00"


def test_a_private_account_has_no_public_endpoint(private: Run) -> None:
    assert _account(private)["publicNetworkAccess"] == "Disabled"
    assert _account(private)["networkRuleSet"]["virtualNetworkRules"] == []


def test_a_service_endpoint_account_admits_one_subnet(service: Run) -> None:
    assert _account(service)["publicNetworkAccess"] == "Enabled"
    (rule,) = _account(service)["networkRuleSet"]["virtualNetworkRules"]
    assert rule == {"virtualNetworkResourceId": service.outputs["subnet_ids"]["training"], "action": "Allow"}
    assert not service.all("network:PrivateEndpoint")
    assert not service.all("privatedns:PrivateZone")
    assert service.outputs["dns_zone_ids"] == {}


def test_the_account_is_encrypted_with_our_key(private: Run) -> None:
    account = _account(private)
    (cmk,) = account["identity"]["userAssignedIdentities"]
    assert cmk.endswith("identity_ids/cmk")
    encryption = account["encryption"]
    assert encryption["keySource"] == "Microsoft.Keyvault"
    assert encryption["keyVaultProperties"] == {"keyName": "cmk_key_name", "keyVaultUri": "cmk_vault_uri"}
    assert encryption["encryptionIdentity"] == {"encryptionUserAssignedIdentity": cmk}


def test_without_a_key_of_ours_the_account_uses_the_platforms(service: Run) -> None:
    assert "identity" not in _account(service)
    assert _account(service)["encryption"]["keySource"] == "Microsoft.Storage"


def test_subnets_lie_in_the_network_and_are_made_one_by_one(private: Run, service: Run) -> None:
    vnet = private.one("network:VirtualNetwork")
    assert "subnets" not in vnet.inputs
    (space,) = vnet.inputs["addressSpace"]["addressPrefixes"]
    subnets = private.all("network:Subnet")
    for subnet in subnets.values():
        assert ipaddress.IPv4Network(subnet.inputs["addressPrefix"]).subnet_of(ipaddress.IPv4Network(space))
        assert subnet.inputs["networkSecurityGroup"]["id"]
        assert subnet.inputs["defaultOutboundAccess"] is False
    assert service.one("network:Subnet", "training").inputs["defaultOutboundAccess"] is True
    assert subnets["training"].inputs["serviceEndpoints"] == [{"service": "Microsoft.Storage"}]
    assert subnets["private-endpoints"].inputs["privateEndpointNetworkPolicies"] == "Disabled"
    assert "serviceEndpoints" not in subnets["private-endpoints"].inputs


def test_every_private_endpoint_has_its_names_in_private_dns(private: Run) -> None:
    assert set(private.outputs["dns_zone_ids"]) == ZONES
    links = private.all("privatedns:VirtualNetworkLink").values()
    assert {link.inputs["privateZoneName"] for link in links} == ZONES
    assert {link.inputs["registrationEnabled"] for link in links} == {False}
    endpoints = private.all("azure-native:network:PrivateEndpoint")
    groups = {name: one.inputs["privateLinkServiceConnections"][0]["groupIds"] for name, one in endpoints.items()}
    assert groups == {"blob": ["blob"], "file": ["file"], "ml-vault": ["vault"], "cmk-vault": ["vault"]}
    assert {one.inputs["subnet"]["id"] for one in endpoints.values()} == {
        private.outputs["subnet_ids"]["private_endpoints"]
    }
    zone_groups = private.all("network:PrivateDnsZoneGroup")
    assert set(zone_groups) == set(endpoints)
    assert {
        name: [one["name"] for one in group.inputs["privateDnsZoneConfigs"]] for name, group in zone_groups.items()
    } == {
        "blob": ["privatelink-blob-core-windows-net"],
        "file": ["privatelink-file-core-windows-net"],
        "ml-vault": ["privatelink-vaultcore-azure-net"],
        "cmk-vault": ["privatelink-vaultcore-azure-net"],
    }
    # Azure refuses two endpoints at work on one account.
    assert "blob" in endpoints["file"].after


def test_blobs_can_be_recovered_and_studio_may_read_them(private: Run) -> None:
    service = private.one("storage:BlobServiceProperties", "blobs").inputs
    assert service["isVersioningEnabled"] is True
    assert service["deleteRetentionPolicy"] == {"enabled": True, "days": 30}
    assert service["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}
    (rule,) = service["cors"]["corsRules"]
    assert tuple(rule["allowedOrigins"]) == STUDIO_ORIGINS
    assert len(STUDIO_ORIGINS) == 5


def test_containers_are_private(private: Run) -> None:
    containers = private.all("storage:BlobContainer")
    assert {one.inputs["publicAccess"] for one in containers.values()} == {"None"}
    assert private.outputs["container_names"] == {
        "training_data": "training-data",
        "models": "models",
        "evaluation": "evaluation",
    }


def test_old_versions_are_forgotten(private: Run) -> None:
    (rule,) = private.one("storage:ManagementPolicy").inputs["policy"]["rules"]
    actions = rule["definition"]["actions"]
    assert actions["baseBlob"] == {"tierToCool": {"daysAfterModificationGreaterThan": 30}}
    assert actions["version"] == {"delete": {"daysAfterCreationGreaterThan": 90}}


def test_who_may_use_the_data(private: Run, service: Run) -> None:
    account = {
        "workspace-contributor",
        "workspace-blob-data-contributor",
        "workspace-file-data-contributor",
        "compute-blob-data-contributor",
        "endpoint-blob-data-reader",
        "data-scientists-blob-data-contributor",
        "data-scientists-file-data-contributor",
    }
    endpoints = {("blob-endpoint", "workspace-reader"), ("file-endpoint", "workspace-reader")}
    approver = ("storage", "workspace-network-connection-approver")
    on_account = {*(("storage", role) for role in account), ("flow-logs", "watcher-blob-data-contributor")}
    assert {(scope, role) for scope, _, role in private.granted()} == {*on_account, *endpoints, approver}
    assert {(scope, role) for scope, _, role in service.granted()} == on_account


def test_reading_and_writing_blobs_is_logged(private: Run) -> None:
    setting = private.one("monitor:DiagnosticSetting", "blobs-logs").inputs
    assert setting["resourceUri"].endswith("/default")
    assert setting["logs"] == [{"categoryGroup": "audit", "enabled": True}]
    assert setting["workspaceId"].endswith("log_analytics_id")


@pytest.mark.parametrize("protected", [True, False])
def test_data_is_protected_where_the_environment_says_so(*, protected: bool) -> None:
    run = run_program(program, sandbox(protection__deletion=protected), *CONTRACTS)
    stateful = {"storage:StorageAccount", "storage:BlobContainer"}
    assert {one.protect for one in run.resources if one.type.split(":", 1)[1] in stateful} == {protected}


def test_the_blob_endpoint_is_published(private: Run) -> None:
    name = private.outputs["storage_account_name"]
    assert private.outputs["blob_storage_account_url"] == f"https://{name}.blob.core.windows.net/"


def test_everything_that_takes_tags_has_them(private: Run) -> None:
    untagged = {
        "network:Subnet",
        "network:PrivateDnsZoneGroup",
        "storage:BlobServiceProperties",
        "storage:BlobContainer",
        "storage:ManagementPolicy",
        "security:DefenderForStorage",
        "monitor:DiagnosticSetting",
        "authorization:RoleAssignment",
    }
    azure = [one for one in private.resources if one.type.startswith("azure-native:")]
    assert {one.type.split(":", 1)[1] for one in azure if "tags" not in one.inputs} <= untagged
    assert {one.inputs["tags"]["stack"] for one in azure if "tags" in one.inputs} == {"network_storage"}


def test_threats_are_looked_for_where_the_environment_asks_for_it() -> None:
    for defender in (True, False):
        run = run_program(program, sandbox(protection__defender=defender), *CONTRACTS)
        settings = run.all("security:DefenderForStorage")
        assert set(settings) == ({"data"} if defender else set())
    properties = run_program(program, sandbox(), *CONTRACTS).one("security:DefenderForStorage").inputs["properties"]
    assert properties == {
        "isEnabled": True,
        "overrideSubscriptionLevelSettings": True,
        "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": 500}},
        "sensitiveDataDiscovery": {"isEnabled": True},
    }


def test_runners_go_out_through_one_known_address(private: Run) -> None:
    subnet = private.one("network:Subnet", "runner").inputs
    assert subnet["defaultOutboundAccess"] is False
    gateway = private.one("network:NatGateway").inputs
    assert gateway["sku"] == {"name": "Standard"}
    address = private.one("network:PublicIPAddress").inputs
    assert (address["sku"]["name"], address["publicIPAllocationMethod"]) == ("Standard", "Static")
    assert address["zones"] == ["1", "2", "3"]
    assert "snet-runner" in private.outputs["subnet_ids"]["runner"]
    without = run_program(program, sandbox(virtual_network__runner_subnet=None), *CONTRACTS)
    assert set(without.outputs["subnet_ids"]) == {"private_endpoints", "training"}
    assert not [*without.all("network:NatGateway"), *without.all("network:PublicIPAddress")]
