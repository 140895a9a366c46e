"""Which resource type of Azure Resource Manager each azure-native type is, and which arguments are parts of its name.

Sources: "Azure resource reference" (Bicep, ARM template), and the id templates of the azure-native provider.
"""

import dataclasses
from collections.abc import Mapping

# What stands beside `properties` in a template, where the type does not say otherwise.
_ENVELOPE = frozenset({"extendedLocation", "identity", "kind", "location", "scope", "sku", "tags", "zones"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArmType:
    """A type. name: with its provider; names: the arguments that name it and its parents, outermost first.

    envelope: the arguments beside `properties`; renames: argument to ARM property where the two differ.
    """

    name: str
    names: tuple[str, ...]
    envelope: frozenset[str] = _ENVELOPE
    renames: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


def _type(name: str, *names: str, properties: str = "", renames: Mapping[str, str] | None = None) -> ArmType:
    """Return a type. properties: envelope arguments that this type has among its properties, comma separated."""
    return ArmType(name=name, names=names, envelope=_ENVELOPE - set(properties.split(",")), renames=renames or {})


ARM_TYPES: Mapping[str, ArmType] = {
    "appconfiguration:ConfigurationStore": _type("Microsoft.AppConfiguration/configurationStores", "configStoreName"),
    "appconfiguration:KeyValue": _type(
        "Microsoft.AppConfiguration/configurationStores/keyValues",
        "configStoreName",
        "keyValueName",
        properties="tags",
    ),
    "appconfiguration:Replica": _type(
        "Microsoft.AppConfiguration/configurationStores/replicas", "configStoreName", "replicaName"
    ),
    "applicationinsights:Component": _type(
        "Microsoft.Insights/components",
        "resourceName",
        renames={
            "applicationType": "Application_Type",
            "disableIpMasking": "DisableIpMasking",
            "disableLocalAuth": "DisableLocalAuth",
            "flowType": "Flow_Type",
            "forceCustomerStorageForProfiler": "ForceCustomerStorageForProfiler",
            "hockeyAppId": "HockeyAppId",
            "immediatePurgeDataOn30Days": "ImmediatePurgeDataOn30Days",
            "ingestionMode": "IngestionMode",
            "requestSource": "Request_Source",
            "retentionInDays": "RetentionInDays",
            "samplingPercentage": "SamplingPercentage",
            "workspaceResourceId": "WorkspaceResourceId",
        },
    ),
    "authorization:ManagementLockByScope": _type("Microsoft.Authorization/locks", "lockName"),
    "authorization:PolicyAssignment": _type("Microsoft.Authorization/policyAssignments", "policyAssignmentName"),
    "authorization:RoleAssignment": _type("Microsoft.Authorization/roleAssignments", "roleAssignmentName"),
    "authorization:RoleDefinition": _type(
        "Microsoft.Authorization/roleDefinitions", "roleDefinitionId", renames={"roleType": "type"}
    ),
    "containerregistry:Registry": _type("Microsoft.ContainerRegistry/registries", "registryName"),
    "containerregistry:Replication": _type(
        "Microsoft.ContainerRegistry/registries/replications", "registryName", "replicationName"
    ),
    "keyvault:Key": _type("Microsoft.KeyVault/vaults/keys", "vaultName", "keyName"),
    "keyvault:Secret": _type("Microsoft.KeyVault/vaults/secrets", "vaultName", "secretName"),
    "keyvault:Vault": _type("Microsoft.KeyVault/vaults", "vaultName"),
    "machinelearningservices:Compute": _type(
        "Microsoft.MachineLearningServices/workspaces/computes", "workspaceName", "computeName"
    ),
    "machinelearningservices:Datastore": _type(
        "Microsoft.MachineLearningServices/workspaces/datastores", "workspaceName", "name"
    ),
    "machinelearningservices:OnlineDeployment": _type(
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        "workspaceName",
        "endpointName",
        "deploymentName",
    ),
    "machinelearningservices:OnlineEndpoint": _type(
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints", "workspaceName", "endpointName"
    ),
    "machinelearningservices:Workspace": _type("Microsoft.MachineLearningServices/workspaces", "workspaceName"),
    "managedidentity:FederatedIdentityCredential": _type(
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "resourceName",
        "federatedIdentityCredentialResourceName",
    ),
    "managedidentity:UserAssignedIdentity": _type("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"),
    "monitor:DiagnosticSetting": _type("Microsoft.Insights/diagnosticSettings", "name"),
    "network:FlowLog": _type("Microsoft.Network/networkWatchers/flowLogs", "networkWatcherName", "flowLogName"),
    "network:NatGateway": _type("Microsoft.Network/natGateways", "natGatewayName"),
    "network:NetworkSecurityGroup": _type("Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"),
    "network:NetworkWatcher": _type("Microsoft.Network/networkWatchers", "networkWatcherName"),
    "network:PrivateDnsZoneGroup": _type(
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "privateEndpointName", "privateDnsZoneGroupName"
    ),
    "network:PrivateEndpoint": _type("Microsoft.Network/privateEndpoints", "privateEndpointName"),
    "network:PublicIPAddress": _type("Microsoft.Network/publicIPAddresses", "publicIpAddressName"),
    "network:PublicIPPrefix": _type("Microsoft.Network/publicIPPrefixes", "publicIpPrefixName"),
    "network:SecurityRule": _type(
        "Microsoft.Network/networkSecurityGroups/securityRules", "networkSecurityGroupName", "securityRuleName"
    ),
    "network:ServiceEndpointPolicy": _type("Microsoft.Network/serviceEndpointPolicies", "serviceEndpointPolicyName"),
    "network:Subnet": _type("Microsoft.Network/virtualNetworks/subnets", "virtualNetworkName", "subnetName"),
    "network:VirtualNetwork": _type("Microsoft.Network/virtualNetworks", "virtualNetworkName"),
    "operationalinsights:Workspace": _type(
        "Microsoft.OperationalInsights/workspaces", "workspaceName", properties="sku"
    ),
    "privatedns:PrivateZone": _type("Microsoft.Network/privateDnsZones", "privateZoneName"),
    "privatedns:VirtualNetworkLink": _type(
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "privateZoneName", "virtualNetworkLinkName"
    ),
    "resources:ResourceGroup": _type("Microsoft.Resources/resourceGroups", "resourceGroupName"),
    "security:DefenderForStorage": _type("Microsoft.Security/defenderForStorageSettings", "settingName"),
    "storage:BlobContainer": _type(
        "Microsoft.Storage/storageAccounts/blobServices/containers", "accountName", "default", "containerName"
    ),
    "storage:BlobServiceProperties": _type(
        "Microsoft.Storage/storageAccounts/blobServices", "accountName", "blobServicesName"
    ),
    "storage:FileServiceProperties": _type(
        "Microsoft.Storage/storageAccounts/fileServices", "accountName", "fileServicesName"
    ),
    "storage:ManagementPolicy": _type(
        "Microsoft.Storage/storageAccounts/managementPolicies", "accountName", "managementPolicyName"
    ),
    "storage:StorageAccount": _type(
        "Microsoft.Storage/storageAccounts",
        "accountName",
        renames={
            "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
            "enableNfsV3": "isNfsV3Enabled",
            "networkRuleSet": "networkAcls",
        },
    ),
}
"""By azure-native's token without its first part. A name that is no argument, as "default", stands for itself."""


def arm_type_of(token: str) -> ArmType | None:
    """Return the ARM type of a Pulumi type, None for one of another provider or without an entry here."""
    provider, _, rest = token.partition(":")
    return ARM_TYPES.get(rest) if provider == "azure-native" else None
