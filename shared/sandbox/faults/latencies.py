"""How long the real clouds take: seconds by resource type and operation.

Published observations, with their source; where none was found, an estimate in the order of magnitude of a similar
type, marked as such. All are typical values, no tails, and always the same: a wait is never random.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from shared.sandbox.faults.calls import Call, Operation
from shared.sandbox.faults.model import Latency, Seconds

_QUICK: Final = Seconds(create=3, update=2, delete=2, read=0.3)
"""Estimate for every type that is not in the table."""

_NO_CLOUD: Final = frozenset({"check", "diff", "configure"})
"""Operations that the providers answer by themselves."""

_INVOKE: Final = 0.3  # estimate: one request

TYPICAL: Final[Mapping[str, Seconds]] = {
    # turbot/steampipe-plugin-azure issue 315, Azure-Samples/databricks-observability issue 5
    "azure-native:resources:ResourceGroup": Seconds(create=2, update=2, delete=15),
    "azure-native:applicationinsights:Component": Seconds(create=15, update=5, delete=5),
    "azure-native:operationalinsights:Workspace": Seconds(create=36, update=10, delete=10),
    # Azure/azure-cli issue 28980
    "azure-native:storage:StorageAccount": Seconds(create=21, update=5, delete=5),
    # hashicorp/terraform-provider-azurerm issue 17649, Azure/terraform-azurerm-avm-res-keyvault-vault issue 79
    "azure-native:keyvault:Vault": Seconds(create=18, update=5, delete=10),
    "azure-native:authorization:RoleAssignment": Seconds(create=17, update=10, delete=5),
    # hashicorp/terraform-provider-azurerm issue 28112
    "azure-native:network:Subnet": Seconds(create=6, update=6, delete=11),
    "azure-native:network:VirtualNetwork": Seconds(create=6, update=6, delete=11),
    "azure-native:network:PrivateEndpoint": Seconds(create=45, update=20, delete=30),
    # DevopsArtFactory, Terraform workshop issues 4, 5 and 7 (durations that Terraform printed)
    "aws:iam/role:Role": Seconds(create=2, update=1, delete=1),
    "aws:iam/policy:Policy": Seconds(create=1, update=1, delete=1),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Seconds(create=1, update=1, delete=1),
    "aws:ec2/vpc:Vpc": Seconds(create=21, update=11, delete=1),
    "aws:ec2/routeTable:RouteTable": Seconds(create=1, update=1, delete=1),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Seconds(create=90, update=20, delete=30),
    # Microsoft Learn, "Workspace managed virtual network isolation": a managed network takes 20 to 30 minutes where it
    # is made with the workspace. This is a workspace without it: an estimate, as are all below.
    "azure-native:machinelearningservices:Workspace": Seconds(create=45, update=20, delete=40),
    "azure-native:machinelearningservices:Compute": Seconds(create=30, update=15, delete=30),
    "azure-native:machinelearningservices:OnlineEndpoint": Seconds(create=90, update=30, delete=60),
    "azure-native:machinelearningservices:OnlineDeployment": Seconds(create=480, update=480, delete=120),
    "azure-native:appconfiguration:ConfigurationStore": Seconds(create=40, update=10, delete=20),
    "azure-native:appconfiguration:Replica": Seconds(create=40, update=10, delete=20),
    "azure-native:containerregistry:Registry": Seconds(create=15, update=5, delete=10),
    "azure-native:privatedns:*": Seconds(create=35, update=10, delete=35),
    "azure-native:network:PrivateDnsZoneGroup": Seconds(create=12, update=10, delete=12),
    "azure-native:network:NetworkSecurityGroup": Seconds(create=4, update=4, delete=11),
    "azure-native:network:NatGateway": Seconds(create=11, update=11, delete=11),
    "azure-native:keyvault:Key": Seconds(create=3, update=3, delete=1),
    "azuread:index/application:Application": Seconds(create=3, update=2, delete=2),
    "azuread:index/servicePrincipal:ServicePrincipal": Seconds(create=3, update=2, delete=2),
    "aws:kms/key:Key": Seconds(create=12, update=3, delete=1),
    "aws:s3/bucket:Bucket": Seconds(create=2, update=2, delete=1),
}


def seconds_of(latency: Latency, call: Call) -> float:
    """Return how long an operation takes, in seconds: the file's own figure before the typical one, times its scale."""
    if not latency.scale or call.operation in _NO_CLOUD:
        return 0.0
    if call.operation == "invoke":
        return latency.scale * _INVOKE
    for table in (latency.seconds, TYPICAL, {"*": _QUICK}):
        found = _figure(table, call.type, call.operation)
        if found is not None:
            return latency.scale * found
    return 0.0


def _figure(table: Mapping[str, Seconds], token: str, operation: Operation) -> float | None:
    """Return the figure of an operation: that of the type itself before that of the first glob that has one."""
    entries = [table[token]] if token in table else []
    entries += [entry for glob, entry in table.items() if glob != token and fnmatchcase(token, glob)]
    figures: list[float | None] = [getattr(entry, operation) for entry in entries]
    return next((one for one in figures if one is not None), None)
