"""A small platform with one resource of every Azure type that the sandbox models, in an order that works."""

from collections.abc import Callable

from shared.sandbox.wire import Properties, Secret
from tests.sandbox.simulated_cloud import CLOUD, Resource, SimulatedCloud

SUBSCRIPTION = f"/subscriptions/{CLOUD.subscription_id}"
GROUP = "rg-platform"
REGION = "westeurope"
ROLES = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
READER = f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = f"{ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c"

Made = dict[str, Resource]
Step = tuple[str, str, Callable[[Made], Properties]]


def _in_group(**more: object) -> Properties:
    return {"resourceGroupName": GROUP, **more}


def _placed(**more: object) -> Properties:
    return {"resourceGroupName": GROUP, "location": REGION, **more}


def _uses(identity: Resource) -> Properties:
    return {"type": "UserAssigned", "userAssignedIdentities": [identity.id]}


def _account(made: Made) -> Properties:
    return _placed(
        accountName="stplatform",
        kind="StorageV2",
        sku={"name": "Standard_GZRS"},
        allowSharedKeyAccess=False,
        identity=_uses(made["identity"]),
        encryption={
            "keySource": "Microsoft.Keyvault",
            "keyVaultProperties": {"keyName": "cmk", "keyVaultUri": made["vault"].outputs["properties"]["vaultUri"]},
            "encryptionIdentity": {"encryptionUserAssignedIdentity": made["identity"].id},
            "requireInfrastructureEncryption": True,
        },
        networkRuleSet={
            "defaultAction": "Deny",
            "bypass": "AzureServices",
            "virtualNetworkRules": [{"virtualNetworkResourceId": made["subnet"].id}],
        },
        keyPolicy={"keyExpirationPeriodInDays": 90},
        sasPolicy={"expirationAction": "Log", "sasExpirationPeriod": "1.00:00:00"},
        tags={"environment": "test"},
    )


def _key(_: Made) -> Properties:
    rotation = {
        "attributes": {"expiryTime": "P2Y"},
        "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeBeforeExpiry": "P60D"}}],
    }
    properties = {"kty": "RSA-HSM", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"], "rotationPolicy": rotation}
    return _in_group(vaultName="kv-platform", keyName="cmk", properties=properties)


def _vault(_: Made) -> Properties:
    properties = {
        "tenantId": CLOUD.tenant_id,
        "sku": {"family": "A", "name": "premium"},
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
        "softDeleteRetentionInDays": 90,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
    }
    return _placed(vaultName="kv-platform", properties=properties)


def _workspace(made: Made) -> Properties:
    return _placed(
        workspaceName="mlw-platform",
        kind="Default",
        sku={"name": "Basic", "tier": "Basic"},
        identity=_uses(made["identity"]),
        primaryUserAssignedIdentity=made["identity"].id,
        storageAccount=made["account"].id,
        keyVault=made["vault"].id,
        applicationInsights=made["insights"].id,
        containerRegistry=made["registry"].id,
        publicNetworkAccess="Disabled",
        provisionNetworkNow=True,
        managedNetwork={
            "isolationMode": "AllowOnlyApprovedOutbound",
            "outboundRules": {
                "queue": {
                    "type": "PrivateEndpoint",
                    "destination": {"serviceResourceId": made["account"].id, "subresourceTarget": "queue"},
                }
            },
        },
    )


def _cluster(made: Made) -> Properties:
    properties = {
        "computeType": "AmlCompute",
        "disableLocalAuth": True,
        "properties": {
            "vmSize": "Standard_DS3_v2",
            "enableNodePublicIp": False,
            "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT5M"},
        },
    }
    return _placed(
        workspaceName="mlw-platform", computeName="cpu", properties=properties, identity=_uses(made["identity"])
    )


def _registry(made: Made) -> Properties:
    key = {
        "identity": made["identity"].outputs["clientId"],
        "keyIdentifier": made["key"].outputs["keyUri"],
    }
    return _placed(
        registryName="crplatform",
        sku={"name": "Premium"},
        # This API takes a map, where the others take a list.
        identity={"type": "UserAssigned", "userAssignedIdentities": {made["identity"].id: {}}},
        dataEndpointEnabled=True,
        encryption={"status": "enabled", "keyVaultProperties": key},
        policies={"retentionPolicy": {"days": 30, "status": "enabled"}},
        publicNetworkAccess="Disabled",
    )


def _life_cycle(_: Made) -> Properties:
    rule = {
        "name": "cool",
        "type": "Lifecycle",
        "enabled": True,
        "definition": {
            "filters": {"blobTypes": ["blockBlob"]},
            "actions": {"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}}},
        },
    }
    return _in_group(accountName="stplatform", managementPolicyName="default", policy={"rules": [rule]})


def _rule(name: str, priority: int, direction: str) -> Properties:
    return {
        "name": name,
        "priority": priority,
        "direction": direction,
        "access": "Deny",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "Internet",
        "destinationPortRange": "*",
    }


def _to(target: Resource, group: str) -> list[Properties]:
    return [{"name": group, "privateLinkServiceId": target.id, "groupIds": [group]}]


STEPS: tuple[Step, ...] = (
    ("group", "resources:ResourceGroup", lambda _: {"resourceGroupName": GROUP, "location": "West Europe"}),
    (
        "identity",
        "managedidentity:UserAssignedIdentity",
        lambda _: _placed(resourceName="id-platform", tags={"environment": "test"}),
    ),
    (
        "credential",
        "managedidentity:FederatedIdentityCredential",
        lambda _: _in_group(
            resourceName="id-platform",
            federatedIdentityCredentialResourceName="github",
            issuer="https://token.actions.githubusercontent.com",
            subject="repo:example/platform:environment:prod",
            audiences=["api://AzureADTokenExchange"],
        ),
    ),
    (
        "role",
        "authorization:RoleDefinition",
        lambda made: {
            "scope": SUBSCRIPTION,
            "roleDefinitionId": "22222222-0000-4000-8000-000000000001",
            "roleName": "Scoring Client",
            "assignableScopes": [SUBSCRIPTION],
            "permissions": [{"actions": [], "dataActions": [], "notActions": [], "notDataActions": []}],
        },
    ),
    (
        "assignment",
        "authorization:RoleAssignment",
        lambda made: {
            "scope": made["group"].id,
            "roleAssignmentName": "22222222-0000-4000-8000-000000000002",
            "principalId": made["identity"].outputs["principalId"],
            "principalType": "ServicePrincipal",
            "roleDefinitionId": READER,
        },
    ),
    (
        "policy",
        "authorization:PolicyAssignment",
        lambda made: {
            "scope": made["group"].id,
            "policyAssignmentName": "no-local-auth",
            "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/"
            "e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f",
        },
    ),
    (
        "logs",
        "operationalinsights:Workspace",
        lambda _: _placed(
            workspaceName="log-platform",
            sku={"name": "PerGB2018"},
            retentionInDays=30,
            workspaceCapping={"dailyQuotaGb": 1.5},
        ),
    ),
    ("vault", "keyvault:Vault", _vault),
    ("key", "keyvault:Key", _key),
    (
        "secret",
        "keyvault:Secret",
        lambda _: _in_group(
            vaultName="kv-platform",
            secretName="token",
            properties={"value": Secret("hunter2"), "contentType": "text/plain", "attributes": {"expires": 1900000000}},
        ),
    ),
    (
        "lock",
        "authorization:ManagementLockByScope",
        lambda made: {"scope": made["vault"].id, "lockName": "keep", "level": "CanNotDelete"},
    ),
    (
        "diagnostics",
        "monitor:DiagnosticSetting",
        lambda made: {
            "resourceUri": made["vault"].id,
            "name": "audit",
            "workspaceId": made["logs"].id,
            "logs": [{"categoryGroup": "audit", "enabled": True}],
            "metrics": [{"category": "AllMetrics", "enabled": True}],
        },
    ),
    (
        "address",
        "network:PublicIPAddress",
        lambda _: _placed(
            publicIpAddressName="pip-platform", sku={"name": "Standard"}, publicIPAllocationMethod="Static"
        ),
    ),
    (
        "gateway",
        "network:NatGateway",
        lambda made: _placed(
            natGatewayName="ng-platform", sku={"name": "Standard"}, publicIpAddresses=[{"id": made["address"].id}]
        ),
    ),
    (
        "firewall",
        "network:NetworkSecurityGroup",
        lambda _: _placed(
            networkSecurityGroupName="nsg-platform",
            securityRules=[_rule("in", 100, "Inbound"), _rule("out", 100, "Outbound")],
        ),
    ),
    (
        "endpoint_policy",
        "network:ServiceEndpointPolicy",
        lambda made: _placed(
            serviceEndpointPolicyName="se-platform",
            serviceEndpointPolicyDefinitions=[
                {"name": "ours", "service": "Microsoft.Storage", "serviceResources": [made["group"].id]},
                {"name": "ml", "service": "Global", "serviceResources": ["/services/Azure/MachineLearning"]},
            ],
        ),
    ),
    (
        "network",
        "network:VirtualNetwork",
        lambda _: _placed(virtualNetworkName="vnet-platform", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}),
    ),
    (
        "subnet",
        "network:Subnet",
        lambda made: _in_group(
            virtualNetworkName="vnet-platform",
            subnetName="snet-pe",
            addressPrefix="10.0.0.0/26",
            networkSecurityGroup={"id": made["firewall"].id},
            natGateway={"id": made["gateway"].id},
            serviceEndpoints=[{"service": "Microsoft.Storage"}],
            serviceEndpointPolicies=[{"id": made["endpoint_policy"].id}],
            delegations=[{"name": "batch", "serviceName": "Microsoft.Batch/batchAccounts"}],
        ),
    ),
    ("account", "storage:StorageAccount", _account),
    (
        "blobs",
        "storage:BlobServiceProperties",
        lambda _: _in_group(
            accountName="stplatform",
            blobServicesName="default",
            isVersioningEnabled=True,
            changeFeed={"enabled": True},
            deleteRetentionPolicy={"enabled": True, "days": 7},
        ),
    ),
    (
        "container",
        "storage:BlobContainer",
        lambda _: _in_group(accountName="stplatform", containerName="training-data", publicAccess="None"),
    ),
    ("lifecycle", "storage:ManagementPolicy", _life_cycle),
    (
        "defender",
        "security:DefenderForStorage",
        lambda made: {
            "resourceId": made["account"].id,
            "settingName": "current",
            "properties": {
                "isEnabled": True,
                "malwareScanning": {"onUpload": {"isEnabled": True, "capGBPerMonth": 50}},
                "sensitiveDataDiscovery": {"isEnabled": True},
            },
        },
    ),
    (
        "flow_log",
        "network:FlowLog",
        lambda made: {
            "resourceGroupName": "NetworkWatcherRG",
            "networkWatcherName": f"NetworkWatcher_{REGION}",
            "flowLogName": "flow-platform",
            "location": REGION,
            "targetResourceId": made["network"].id,
            "storageId": made["account"].id,
            "identity": _uses(made["identity"]),
            "retentionPolicy": {"enabled": True, "days": 90},
            "flowAnalyticsConfiguration": {
                "networkWatcherFlowAnalyticsConfiguration": {
                    "enabled": True,
                    "trafficAnalyticsInterval": 10,
                    "workspaceResourceId": made["logs"].id,
                }
            },
        },
    ),
    (
        "zone",
        "privatedns:PrivateZone",
        lambda _: _in_group(privateZoneName="privatelink.blob.core.windows.net", location="global"),
    ),
    (
        "link",
        "privatedns:VirtualNetworkLink",
        lambda made: _in_group(
            privateZoneName="privatelink.blob.core.windows.net",
            virtualNetworkLinkName="platform",
            location="global",
            registrationEnabled=False,
            virtualNetwork={"id": made["network"].id},
        ),
    ),
    (
        "endpoint",
        "network:PrivateEndpoint",
        lambda made: _placed(
            privateEndpointName="pep-blob",
            subnet={"id": made["subnet"].id},
            privateLinkServiceConnections=_to(made["account"], "blob"),
        ),
    ),
    (
        "names",
        "network:PrivateDnsZoneGroup",
        lambda made: _in_group(
            privateEndpointName="pep-blob",
            privateDnsZoneGroupName="default",
            privateDnsZoneConfigs=[{"name": "blob", "privateDnsZoneId": made["zone"].id}],
        ),
    ),
    (
        "insights",
        "applicationinsights:Component",
        lambda made: _placed(
            resourceName="appi-platform", kind="web", applicationType="web", workspaceResourceId=made["logs"].id
        ),
    ),
    ("registry", "containerregistry:Registry", _registry),
    ("workspace", "machinelearningservices:Workspace", _workspace),
    ("cluster", "machinelearningservices:Compute", _cluster),
    (
        "store",
        "machinelearningservices:Datastore",
        lambda _: _in_group(
            workspaceName="mlw-platform",
            name="training",
            properties={
                "datastoreType": "AzureBlob",
                "accountName": "stplatform",
                "containerName": "training-data",
                "credentials": {"credentialsType": "None"},
                "serviceDataAccessAuthIdentity": "WorkspaceUserAssignedIdentity",
            },
        ),
    ),
    (
        "online",
        "machinelearningservices:OnlineEndpoint",
        lambda made: _placed(
            workspaceName="mlw-platform",
            endpointName="mlep-platform",
            kind="Managed",
            identity=_uses(made["identity"]),
            properties={"authMode": "AADToken", "publicNetworkAccess": "Disabled"},
        ),
    ),
    (
        "deployment",
        "machinelearningservices:OnlineDeployment",
        lambda _: _placed(
            workspaceName="mlw-platform",
            endpointName="mlep-platform",
            deploymentName="blue",
            properties={"endpointComputeType": "Managed", "instanceType": "Standard_DS3_v2"},
            sku={"name": "Default", "capacity": 1},
        ),
    ),
    (
        "settings",
        "appconfiguration:ConfigurationStore",
        lambda made: _placed(
            configStoreName="appcs-platform",
            sku={"name": "standard"},
            identity=_uses(made["identity"]),
            disableLocalAuth=True,
            dataPlaneProxy={"authenticationMode": "Pass-through", "privateLinkDelegation": "Enabled"},
        ),
    ),
    (
        "replica",
        "appconfiguration:Replica",
        lambda _: _in_group(configStoreName="appcs-platform", replicaName="north", location="North Europe"),
    ),
    (
        "flag",
        "appconfiguration:KeyValue",
        lambda _: _in_group(
            configStoreName="appcs-platform",
            keyValueName=".appconfig.featureflag~2Fdrift$prod",
            contentType="application/vnd.microsoft.appconfig.ff+json;charset=utf-8",
            value='{"id": "drift", "enabled": true}',
        ),
    ),
)


def build(cloud: SimulatedCloud, until: str = "") -> Made:
    """Create the platform, or its steps up to and without the one named `until`. Returns its resources by name."""
    made: Made = {}
    for name, kind, inputs in STEPS:
        if name == until:
            return made
        made[name] = cloud.create(f"azure-native:{kind}", inputs(made))
    return made
