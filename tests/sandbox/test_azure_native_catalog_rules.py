"""What the simulated Azure refuses, with the error codes of the real one, and what it makes anew."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.sandbox.wire import UNKNOWN, Json, Secret
from tests.sandbox.azure_platform import CONTRIBUTOR, GROUP, READER, REGION, SUBSCRIPTION, Made, build
from tests.sandbox.simulated_cloud import CLOUD, RefusedError, SimulatedCloud, simulated_cloud

OTHER = "33333333-0000-4000-8000-00000000000"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


NAMES = [
    ("group", "resourceGroupName", "rg."),
    ("identity", "resourceName", "i"),
    ("vault", "vaultName", "kv--platform"),
    ("vault", "vaultName", "a-name-of-25-characters-x"),
    ("key", "keyName", "under_score"),
    ("account", "accountName", "Upper"),
    ("container", "containerName", "two--hyphens"),
    ("registry", "registryName", "with-hyphen"),
    ("workspace", "workspaceName", "ml"),
    ("cluster", "computeName", "1cpu"),
    ("online", "endpointName", "online_endpoint"),
    ("settings", "configStoreName", "tiny"),
    ("flag", "keyValueName", "ml/pipeline"),
    ("assignment", "roleAssignmentName", "reader"),
    ("zone", "privateZoneName", "zone"),
    ("logs", "workspaceName", "log"),
    ("blobs", "blobServicesName", "other"),
    ("network", "virtualNetworkName", "v"),
    ("subnet", "subnetName", "snet-"),
]


@pytest.mark.parametrize(("name", "key", "value"), NAMES)
def test_a_name_that_breaks_its_rule_is_refused(
    cloud: SimulatedCloud, made: Made, name: str, key: str, value: str
) -> None:
    assert cloud.problems(made[name].token, made[name].inputs) == []
    problem = cloud.problems(made[name].token, made[name].inputs | {key: value})
    assert len(problem) == 1
    assert value in problem[0]


def test_a_name_may_be_unknown_in_a_preview(cloud: SimulatedCloud, made: Made) -> None:
    assert cloud.problems(made["vault"].token, made["vault"].inputs | {"vaultName": UNKNOWN}) == []


TAKEN = [
    ("vault", {}, "VaultAlreadyExists"),
    ("account", {}, "StorageAccountAlreadyTaken"),
    ("registry", {}, "AlreadyInUse"),
    ("settings", {}, "NameUnavailable"),
    ("online", {"workspaceName": "mlw-second"}, "BadArgument"),
]


@pytest.mark.parametrize(("name", "more", "code"), TAKEN)
def test_a_taken_name_is_refused_in_every_other_group(
    tmp_path: Path, name: str, more: dict[str, str], code: str
) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        second = cloud.create(made["group"].token, {"resourceGroupName": "rg-second", "location": REGION})
        workspace = made["workspace"]
        inputs = workspace.inputs | {"resourceGroupName": second.outputs["name"], "workspaceName": "mlw-second"}
        cloud.create(workspace.token, inputs)
        taken = made[name].inputs | {"resourceGroupName": "rg-second"} | more
        with pytest.raises(RefusedError, match=code):
            cloud.create(made[name].token, taken)


def test_an_endpoint_name_is_free_in_another_region(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        inputs = made["workspace"].inputs | {"workspaceName": "mlw-north", "location": "northeurope"}
        cloud.create(made["workspace"].token, inputs)
        inputs = made["online"].inputs | {"workspaceName": "mlw-north", "location": "northeurope"}
        assert cloud.create(made["online"].token, inputs).id.endswith("/mlw-north/onlineEndpoints/mlep-platform")


def test_what_exists_is_not_made_twice(cloud: SimulatedCloud, made: Made) -> None:
    with pytest.raises(RefusedError, match="RoleAssignmentExists"):
        cloud.create(made["assignment"].token, made["assignment"].inputs)


def test_a_type_without_a_model_is_refused_by_name(cloud: SimulatedCloud) -> None:
    with pytest.raises(RefusedError, match="azure-native:compute:VirtualMachine"):
        cloud.problems("azure-native:compute:VirtualMachine", {})


def test_an_input_that_the_type_does_not_take_is_refused(cloud: SimulatedCloud, made: Made) -> None:
    problems = cloud.problems(made["vault"].token, made["vault"].inputs | {"sku": "standard"})
    assert problems == ["azure-native:keyvault:Vault does not take sku"]


def test_a_function_without_a_model_is_refused_by_name(cloud: SimulatedCloud) -> None:
    with pytest.raises(RefusedError, match="azure-native:storage:listStorageAccountKeys"):
        cloud.invoke("azure-native:storage:listStorageAccountKeys")


def test_the_login_is_the_one_of_the_simulated_cloud(cloud: SimulatedCloud) -> None:
    login = cloud.invoke("azure-native:authorization:getClientConfig")
    assert login["subscriptionId"] == CLOUD.subscription_id
    assert login["tenantId"] == CLOUD.tenant_id


def changed(value: Json, path: str, new: Json) -> Json:
    """Return `value` with another value at a dotted path; None takes the key out."""
    key, _, rest = path.partition(".")
    inner = changed(value.get(key, {}), rest, new) if rest else new
    return {**{name: item for name, item in value.items() if name != key}, **({} if inner is None else {key: inner})}


GONE = f"{SUBSCRIPTION}/resourceGroups/{GROUP}/providers"
NOWHERE = f"{GONE}/Microsoft.Network/virtualNetworks/gone/subnets/gone"

# name of the resource, its own name (so that it is made beside the first), path, new value, error
REFUSED_AT_CREATION = [
    ("identity", "resourceName", "resourceGroupName", "rg-gone", "ResourceGroupNotFound"),
    ("key", "keyName", "vaultName", "kv-gone", "ParentResourceNotFound"),
    ("container", "containerName", "accountName", "stgone", "ParentResourceNotFound"),
    ("endpoint", "privateEndpointName", "subnet.id", NOWHERE, "ResourceNotFound"),
    ("lock", "lockName", "scope", f"{GONE}/Microsoft.KeyVault/vaults/gone", "ResourceNotFound"),
    ("lock", "lockName", "scope", f"/subscriptions/{OTHER}1", "SubscriptionNotFound"),
    ("lock", "lockName", "level", "Never", "InvalidLockLevel"),
    ("policy", "policyAssignmentName", "policyDefinitionId", "no-local-auth", "InvalidPolicyDefinitionReference"),
    ("credential", "federatedIdentityCredentialResourceName", "audiences", ["a", "b"], "BadRequest"),
    ("credential", "federatedIdentityCredentialResourceName", "audiences", ["a"], "Conflict"),
    (
        "assignment",
        "roleAssignmentName",
        "roleDefinitionId",
        f"{READER[:-12]}000000000000",
        "RoleDefinitionDoesNotExist",
    ),
    ("assignment", "roleAssignmentName", "principalId", f"{OTHER}1", "PrincipalNotFound"),
    ("assignment", "roleAssignmentName", "description", "the same grant", "RoleAssignmentExists"),
    ("role", "roleDefinitionId", "assignableScopes", [], "MissingAssignableScopes"),
    ("role", "roleDefinitionId", "description", "the same name", "RoleDefinitionWithSameNameExists"),
    ("logs", "workspaceName", "retentionInDays", 7, "InvalidParameter"),
    ("diagnostics", "name", "workspaceId", None, 'BadRequest" Message="At least one data sink'),
    ("diagnostics", "name", "logs", [{"enabled": True}], 'BadRequest" Message="A log setting'),
    ("vault", "vaultName", "properties.enablePurgeProtection", False, 'BadRequest" Message="The property'),
    ("vault", "vaultName", "properties.softDeleteRetentionInDays", 3, "BadRequest"),
    ("vault", "vaultName", "properties.tenantId", f"{OTHER}1", 'BadRequest" Message="The tenant'),
    ("secret", "secretName", "properties.value", None, "BadParameter"),
    ("secret", "secretName", "properties.attributes.expires", "2030-01-01", "BadParameter"),
    ("network", "virtualNetworkName", "addressSpace.addressPrefixes", [""], "InvalidAddressPrefixFormat"),
    ("network", "virtualNetworkName", "addressSpace.addressPrefixes", [], "VnetAddressSpaceMissing"),
    ("network", "virtualNetworkName", "subnets", [{"name": "inline"}], "NotModelled"),
    ("subnet", "subnetName", "addressPrefix", "10.1.0.0/24", "NetcfgSubnetRangeOutsideVnet"),
    ("subnet", "subnetName", "addressPrefix", "10.0.0.0/24", "NetcfgSubnetRangesOverlap"),
    ("subnet", "subnetName", "addressPrefix", "10.0.0.300/24", "InvalidAddressPrefixFormat"),
    ("subnet", "subnetName", "addressPrefix", None, "NetcfgInvalidSubnet"),
    ("address", "publicIpAddressName", "publicIPAllocationMethod", "Dynamic", "MustHaveStaticAllocation"),
    ("gateway", "natGatewayName", "location", "northeurope", "InvalidResourceReference"),
    ("endpoint", "privateEndpointName", "location", "northeurope", "InvalidResourceReference"),
    ("endpoint", "privateEndpointName", "privateLinkServiceConnections", [], "PrivateEndpointMustHaveOneConnection"),
    ("zone", "privateZoneName", "location", "westeurope", "LocationNotAvailableForResourceType"),
    ("link", "virtualNetworkLinkName", "registrationEnabled", True, "Conflict"),
    ("names", "privateDnsZoneGroupName", "privateDnsZoneConfigs", [], "InvalidRequestFormat"),
    ("account", "accountName", "encryption.keyVaultProperties.keyName", "gone", "KeyVaultAuthenticationFailure"),
    ("account", "accountName", "encryption.keyVaultProperties.keyName", None, "InvalidValuesForRequestParameters"),
    ("account", "accountName", "identity", {"type": "SystemAssigned"}, "InvalidEncryptionIdentity"),
    ("account", "accountName", "identity", {"type": "UserAssigned"}, "InvalidIdentityValues"),
    ("account", "accountName", "networkRuleSet.defaultAction", "Maybe", "InvalidValuesForRequestParameters"),
    ("container", "containerName", "publicAccess", "Blob", "PublicAccessNotPermitted"),
    ("insights", "resourceName", "workspaceResourceId", None, "BadRequest"),
    ("registry", "registryName", "sku.name", "Basic", "SkuNotSupported"),
    ("registry", "registryName", "sku.name", "Large", "UnsupportedSku"),
    ("registry", "registryName", "encryption.keyVaultProperties.identity", None, "InvalidEncryptionIdentity"),
    ("workspace", "workspaceName", "applicationInsights", None, "Missing dependent resources in workspace json"),
    ("workspace", "workspaceName", "primaryUserAssignedIdentity", None, "ValidationError"),
    (
        "workspace",
        "workspaceName",
        "identity",
        {"type": "SystemAssigned"},
        'ValidationError" Message="The primary identity',
    ),
    ("cluster", "computeName", "location", "northeurope", "ComputeLocationMismatch"),
    ("cluster", "computeName", "properties.computeType", None, "BadArgument"),
    ("store", "name", "properties.containerName", "gone", "ValidationError"),
    ("store", "name", "properties.accountName", "gone", "ValidationError"),
    ("store", "name", "properties.datastoreType", "AzureFile", "NotModelled"),
    ("online", "endpointName", "properties.traffic", {"blue": 50}, "BadArgument"),
    ("deployment", "deploymentName", "properties.instanceType", None, "BadArgument"),
    ("deployment", "deploymentName", "properties.egressPublicNetworkAccess", "Disabled", "BadArgument"),
    ("deployment", "deploymentName", "properties.endpointComputeType", "Kubernetes", "NotModelled"),
    ("settings", "configStoreName", "sku.name", "huge", "InvalidSku"),
    ("settings", "configStoreName", "softDeleteRetentionInDays", 8, "InvalidParameter"),
]


def beside(inputs: dict[str, Json], own: str) -> dict[str, Json]:
    """Return inputs for a second resource of the same kind; `own` is the input that holds its name."""
    name = f"{OTHER}9" if len(inputs[own]) == len(OTHER) + 1 else inputs[own].replace(".windows", ".other") + "2"
    return inputs | {own: name}


@pytest.mark.parametrize(("name", "own", "path", "value", "error"), REFUSED_AT_CREATION)
def test_a_creation_is_refused(
    *, cloud: SimulatedCloud, made: Made, name: str, own: str, path: str, value: Json, error: str
) -> None:
    inputs = beside(made[name].inputs, own)
    with pytest.raises(RefusedError, match=error):
        cloud.create(made[name].token, changed(inputs, path, value))


def test_an_id_of_another_type_is_refused(cloud: SimulatedCloud, made: Made) -> None:
    inputs = made["workspace"].inputs | {"workspaceName": "mlw-2", "keyVault": made["account"].id}
    with pytest.raises(RefusedError, match='LinkedInvalidPropertyId" Message="keyVault'):
        cloud.create(made["workspace"].token, inputs)


def test_a_private_endpoint_reaches_only_what_the_service_has(cloud: SimulatedCloud, made: Made) -> None:
    wrong = [{"name": "vault", "privateLinkServiceId": made["vault"].id, "groupIds": ["blob"]}]
    missing = [{"name": "vault", "privateLinkServiceId": made["vault"].id}]
    inputs = made["endpoint"].inputs | {"privateEndpointName": "pep-2"}
    with pytest.raises(RefusedError, match="Invalid groupId 'blob'; one of vault"):
        cloud.create(made["endpoint"].token, inputs | {"privateLinkServiceConnections": wrong})
    with pytest.raises(RefusedError, match="MissingParameterOnPrivateLinkServiceConnection"):
        cloud.create(made["endpoint"].token, inputs | {"privateLinkServiceConnections": missing})


def test_two_private_endpoints_have_different_addresses(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        link = [{"name": "registry", "privateLinkServiceId": made["registry"].id, "groupIds": ["registry"]}]
        inputs = {"privateEndpointName": "pep-cr", "privateLinkServiceConnections": link}
        second = cloud.create(made["endpoint"].token, made["endpoint"].inputs | inputs)
        assert second.outputs["customDnsConfigs"] == [
            {"fqdn": "crplatform.westeurope.data.azurecr.io", "ipAddresses": ["10.0.0.5"]},
            {"fqdn": "crplatform.azurecr.io", "ipAddresses": ["10.0.0.6"]},
        ]


def test_a_hardware_key_needs_a_premium_vault(cloud: SimulatedCloud, made: Made) -> None:
    properties = made["vault"].inputs["properties"] | {"sku": {"family": "A", "name": "standard"}}
    inputs = made["vault"].inputs | {"vaultName": "kv-standard", "properties": properties}
    cloud.create(made["vault"].token, inputs)
    with pytest.raises(RefusedError, match="Hardware key operation not allowed on standard vault"):
        cloud.create(made["key"].token, made["key"].inputs | {"vaultName": "kv-standard"})


def test_a_customer_managed_key_needs_soft_delete(cloud: SimulatedCloud, made: Made) -> None:
    vault = changed(made["vault"].inputs, "properties.enableSoftDelete", new=False) | {"vaultName": "kv-loose"}
    cloud.create(made["vault"].token, vault)
    cloud.create(made["key"].token, made["key"].inputs | {"vaultName": "kv-loose"})
    uri = "https://kv-loose.vault.azure.net"
    inputs = changed(made["account"].inputs, "encryption.keyVaultProperties.keyVaultUri", uri)
    with pytest.raises(RefusedError, match="needs soft delete"):
        cloud.create(made["account"].token, inputs | {"accountName": "stloose"})


def test_an_account_with_a_hierarchy_is_no_default_store(cloud: SimulatedCloud, made: Made) -> None:
    account = cloud.create(
        made["account"].token, made["account"].inputs | {"accountName": "stlake", "isHnsEnabled": True}
    )
    inputs = made["workspace"].inputs | {"workspaceName": "mlw-3", "storageAccount": account.id}
    with pytest.raises(RefusedError, match="hierarchical namespace"):
        cloud.create(made["workspace"].token, inputs)


def test_key_values_of_a_closed_store_need_pass_through(cloud: SimulatedCloud, made: Made) -> None:
    inputs = changed(made["settings"].inputs, "dataPlaneProxy", None) | {"configStoreName": "appcs-closed"}
    cloud.create(made["settings"].token, inputs)
    with pytest.raises(RefusedError, match="LocalAuthDisabled"):
        cloud.create(made["flag"].token, made["flag"].inputs | {"configStoreName": "appcs-closed"})


def test_the_free_tier_has_no_soft_delete(cloud: SimulatedCloud, made: Made) -> None:
    inputs = made["settings"].inputs | {"configStoreName": "appcs-free", "sku": {"name": "free"}}
    with pytest.raises(RefusedError, match="SkuFeatureNotSupported"):
        cloud.create(made["settings"].token, inputs | {"softDeleteRetentionInDays": 7})
    assert cloud.create(made["settings"].token, inputs).outputs["softDeleteRetentionInDays"] == 0


def test_principals_of_entra_and_system_assigned_identities_can_have_roles(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        inputs = changed(made["account"].inputs, "encryption", None) | {"accountName": "stown"}
        account = cloud.create(made["account"].token, inputs | {"identity": {"type": "SystemAssigned"}})
        assert account.outputs["identity"]["tenantId"] == CLOUD.tenant_id
        principals = [
            account.outputs["identity"]["principalId"],
            cloud.invoke("azure-native:authorization:getClientConfig")["objectId"],
        ]
        for number, principal in enumerate(principals):
            grant = {"roleAssignmentName": f"{OTHER}{number}", "principalId": principal}
            made_grant = cloud.create(made["assignment"].token, made["assignment"].inputs | grant)
            assert made_grant.outputs["principalId"] == principal


def test_a_custom_role_can_be_assigned(cloud: SimulatedCloud, made: Made) -> None:
    grant = {"roleAssignmentName": f"{OTHER}7", "roleDefinitionId": made["role"].id}
    assignment = cloud.create(made["assignment"].token, made["assignment"].inputs | grant)
    assert assignment.id == (f"{made['group'].id}/providers/Microsoft.Authorization/roleAssignments/{OTHER}7")


REPLACED = [
    ("group", {"location": "northeurope"}, "location"),
    ("assignment", {"principalId": f"{OTHER}1"}, "principalId"),
    ("assignment", {"scope": SUBSCRIPTION}, "scope"),
    ("account", {"isHnsEnabled": True}, "isHnsEnabled"),
    ("account", {"location": "northeurope"}, "location"),
    ("account", {"accountName": "stother"}, "accountName"),
    ("network", {"location": "northeurope"}, "location"),
    ("endpoint", {"subnet": {"id": NOWHERE}}, "subnet.id"),
    ("address", {"sku": {"name": "Basic"}}, "sku.name"),
    ("identity", {"location": "northeurope"}, "location"),
    ("online", {"location": "northeurope"}, "location"),
    (
        "deployment",
        {"properties": {"endpointComputeType": "Managed", "instanceType": "Standard_F4s_v2"}},
        "properties.instanceType",
    ),
]


@pytest.mark.parametrize(("name", "change", "path"), REPLACED)
def test_a_change_that_the_provider_replaces_for(
    cloud: SimulatedCloud, made: Made, name: str, change: dict[str, Json], path: str
) -> None:
    assert cloud.diff(made[name], **change).replaces == {path}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("subnet", {"addressPrefix": "10.0.0.0/25"}),
        ("container", {"publicAccess": "Blob"}),
        ("account", {"tags": {}}),
        ("assignment", {"roleDefinitionId": CONTRIBUTOR}),
    ],
)
def test_a_change_that_the_provider_makes_in_place(
    cloud: SimulatedCloud, made: Made, name: str, change: dict[str, Json]
) -> None:
    found = cloud.diff(made[name], **change)
    assert found.changed
    assert found.replaces == set()


def nested(path: str, value: Json) -> Callable[[dict[str, Json]], dict[str, Json]]:
    return lambda inputs: changed(inputs, path, value)


REFUSED_UPDATES = [
    ("assignment", nested("roleDefinitionId", CONTRIBUTOR), "RoleAssignmentUpdateNotPermitted"),
    ("account", nested("encryption.requireInfrastructureEncryption", None), "AccountPropertyCannotBeUpdated"),
    ("container", nested("defaultEncryptionScope", "other"), "ContainerPropertyCannotBeUpdated"),
    ("vault", nested("properties.softDeleteRetentionInDays", 30), "has been set already"),
    ("vault", nested("properties.enablePurgeProtection", None), "cannot be unset"),
    ("vault", nested("location", "northeurope"), "InvalidResourceLocation"),
    ("network", nested("addressSpace.addressPrefixes", ["10.9.0.0/16"]), "InUsePrefixCannotBeDeleted"),
    ("gateway", nested("zones", ["1"]), "ResourceAvailabilityZonesCannotBeModified"),
    ("registry", nested("zoneRedundancy", "Enabled"), "ZoneRedundancyCannotBeUpdated"),
    ("workspace", nested("hbiWorkspace", value=True), 'ValidationError" Message="The property hbiWorkspace'),
    ("workspace", nested("managedNetwork.isolationMode", "Disabled"), "cannot be disabled again"),
    ("online", nested("identity", {"type": "SystemAssigned"}), 'BadArgument" Message="The identity of an endpoint'),
]


@pytest.mark.parametrize(("name", "change", "error"), REFUSED_UPDATES)
def test_an_update_is_refused(
    cloud: SimulatedCloud, made: Made, name: str, change: Callable[[dict[str, Json]], dict[str, Json]], error: str
) -> None:
    resource = dataclasses.replace(made[name], inputs=change(made[name].inputs))
    with pytest.raises(RefusedError, match=error):
        cloud.update(resource)
    assert cloud.read(made[name]) == made[name].outputs


def test_a_secret_gets_a_new_version_with_a_new_value_only(cloud: SimulatedCloud, made: Made) -> None:
    secret = made["secret"]
    properties = secret.inputs["properties"]
    same = cloud.update(secret, properties={**properties, "contentType": "text/html"})
    other = cloud.update(secret, properties={**properties, "value": Secret("hunter3")})
    versions = [one.outputs["properties"]["secretUriWithVersion"] for one in (secret, same, other)]
    assert versions[0] == versions[1] != versions[2]


def test_a_key_that_exists_is_not_written_again(cloud: SimulatedCloud, made: Made) -> None:
    key = cloud.update(made["key"], properties=made["key"].inputs["properties"] | {"keySize": 4096})
    assert key.outputs == made["key"].outputs


def test_secrets_below_an_object_stay_secrets(cloud: SimulatedCloud, made: Made) -> None:
    properties = made["deployment"].inputs["properties"] | {"environmentVariables": {"TOKEN": Secret("hunter4")}}
    deployment = cloud.update(made["deployment"], properties=properties)
    assert deployment.outputs["properties"]["environmentVariables"] == {"TOKEN": Secret("hunter4")}
    assert "hunter4" not in repr(cloud.inventory.all())


def test_a_deleted_group_takes_everything_with_it(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        cloud.delete(made["group"])
        left = {record.token for record in cloud.inventory.all()}
        # The flow log is in the group of Azure's own network watcher.
        assert left == {made["role"].token, made["flow_log"].token}


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "inventory.sqlite"
    with simulated_cloud(path) as cloud:
        build(cloud)
        files = [file.read_bytes() for file in tmp_path.iterdir()]
    assert any(b"sha256:" in content for content in files)
    assert not any(b"hunter2" in content for content in files)
