"""What azure-native's operations ask of Azure.

The provider puts, gets and deletes resources of ARM: `<type>/write`, `/read`, `/delete` (Microsoft's "Azure resource
provider operations"). ARM asks more where a resource names others: joining a subnet, using an identity, approving a
private endpoint ("Azure RBAC permissions for Azure Private Link", "Azure resource manager linked authorization").
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from shared.permissions.azure_access import AzureRequest
from shared.permissions.azure_roles import SCANNER_ROLES
from shared.permissions.made_resource import MadeResource, texts

Operation = Literal["create", "update", "delete", "read"]
PREFIX: Final = "azure-native:"

_VERBS: Final = {"create": ("read", "write"), "update": ("read", "write"), "delete": ("delete",), "read": ("read",)}
_ID: Final = re.compile(r"/subscriptions/[^/]+(/[^/]+/[^/]+)*", re.IGNORECASE)

# What a resource asks of another one that its inputs name, by the type of the other. Others are read.
_ASKED_OF_REFERENCE: Final = {
    "Microsoft.ManagedIdentity/userAssignedIdentities": "assign/action",
    "Microsoft.Network/natGateways": "join/action",
    "Microsoft.Network/networkSecurityGroups": "join/action",
    "Microsoft.Network/publicIPAddresses": "join/action",
    "Microsoft.Network/serviceEndpointPolicies": "join/action",
    "Microsoft.Network/virtualNetworks": "join/action",
    "Microsoft.Network/virtualNetworks/subnets": "join/action",
    "Microsoft.Network/privateDnsZones": "join/action",
    "Microsoft.OperationalInsights/workspaces": "sharedKeys/action",
}
# A firewall rule that lets a resource in names it, and asks nothing of it.
_LET_IN: Final = frozenset({"Microsoft.Security/datascanners"})
_ASKED_BY_TYPE: Final = {
    (
        "azure-native:storage:StorageAccount",
        "Microsoft.Network/virtualNetworks/subnets",
    ): "joinViaServiceEndpoint/action",
    ("azure-native:keyvault:Vault", "Microsoft.Network/virtualNetworks/subnets"): "joinViaServiceEndpoint/action",
}
# The store's data plane proxy passes the caller on ("Pass-through"), so these are data actions too.
_DATA_TOO: Final = {"azure-native:appconfiguration:KeyValue"}
# ARM knows no deletion of these: the provider deletes them in the vault's data plane.
_DATA_DELETES: Final = {"azure-native:keyvault:Key", "azure-native:keyvault:Secret"}
# Deleting these calls nothing: they end with their parent.
_NO_DELETE: Final = {"azure-native:storage:BlobServiceProperties", "azure-native:security:DefenderForStorage"}

# Scanning for malware and sensitive data: Microsoft's "Permissions required to enable Defender for Storage". Defender
# gives its scanner roles on the account, in the caller's name.
_DEFENDER: Final = "azure-native:security:DefenderForStorage"
_ASKED_BY_SCANNERS: Final = (
    "Microsoft.EventGrid/eventSubscriptions/write",
    "Microsoft.EventGrid/eventSubscriptions/delete",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
)

_ASSIGNMENT: Final = "azure-native:authorization:RoleAssignment"
_ENDPOINT: Final = "azure-native:network:PrivateEndpoint"


def azure_requests(operation: Operation, resource: MadeResource) -> Iterator[AzureRequest]:
    """Yield what one operation on one resource asks, itself and of the resources that it names."""
    if operation == "delete" and resource.token in _NO_DELETE:
        return
    data = resource.token in _DATA_TOO
    kind = arm_type(resource.id)
    for verb in _VERBS[operation]:
        attributes = dict(_attributes(verb, resource))
        only_data = verb == "delete" and resource.token in _DATA_DELETES
        for is_data in (True,) if only_data else (False, True) if data else (False,):
            yield AzureRequest(action=f"{kind}/{verb}", scope=resource.id, data=is_data, attributes=attributes)
    if operation in ("create", "update"):
        yield from _asked_of_others(resource)
        yield from _asked_by_scanners(resource)


def arm_type(resource_id: str) -> str:
    """Return the type in an ARM id: the last provider in it, and the types below that."""
    before, _, path = resource_id.rpartition("/providers/")
    if not before:
        return "Microsoft.Resources/subscriptions/resourceGroups"
    namespace, *rest = path.split("/")
    return "/".join([namespace, *rest[::2]])


def _asked_of_others(resource: MadeResource) -> Iterator[AzureRequest]:
    named = {text for text in texts(resource.inputs) if _ID.fullmatch(text)}
    for other in sorted(named):
        kind = arm_type(other)
        if kind.startswith("Microsoft.Authorization/") or kind in _LET_IN or other == resource.inputs.get("scope"):
            continue
        verb = _ASKED_BY_TYPE.get((resource.token, kind)) or _ASKED_OF_REFERENCE.get(kind, "read")
        yield AzureRequest(action=f"{kind}/{verb}", scope=other)
        if resource.token == _ENDPOINT and kind not in _ASKED_OF_REFERENCE:
            yield AzureRequest(action=f"{kind}/privateEndpointConnectionsApproval/action", scope=other)


def _asked_by_scanners(resource: MadeResource) -> Iterator[AzureRequest]:
    settings = resource.inputs.get("properties", {})
    scans = [settings.get("malwareScanning", {}).get("onUpload", {}), settings.get("sensitiveDataDiscovery", {})]
    if resource.token == _DEFENDER and any(one.get("isEnabled") for one in scans):
        account = str(resource.inputs["resourceId"])
        for role in SCANNER_ROLES:
            known = {
                f"@{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId]": role
                for source in ("Request", "Resource")
            }
            yield from (AzureRequest(action=one, scope=account, attributes=known) for one in _ASKED_BY_SCANNERS)


def _attributes(verb: str, resource: MadeResource) -> Mapping[str, str]:
    """Return what conditions see of a role assignment: of a new one in @Request, of one that goes in @Resource."""
    if resource.token != _ASSIGNMENT:
        return {}
    source = "@Resource" if verb == "delete" else "@Request"
    facts = {
        "RoleDefinitionId": str(resource.inputs["roleDefinitionId"]).rpartition("/")[2],
        "PrincipalId": str(resource.inputs["principalId"]),
        "PrincipalType": str(resource.inputs["principalType"]),
    }
    return {f"{source}[Microsoft.Authorization/roleAssignments:{name}]": value for name, value in facts.items()}
