"""What is lost with a resource, and what cannot be changed once it exists.

Replacing or deleting one of these resources is confirmed by name, or not done. A type that is not here holds nothing
that a new deployment does not bring back.
"""

import ipaddress
from collections.abc import Callable
from typing import Any, Final, NamedTuple

_AZURE = "azure-native:"

LOST_WITH: Final = {
    f"{_AZURE}appconfiguration:ConfigurationStore": "values set by hand, and its name for days",
    f"{_AZURE}applicationinsights:Component": "telemetry",
    f"{_AZURE}containerregistry:Registry": "all images",
    f"{_AZURE}keyvault:Key": "what it encrypts",
    f"{_AZURE}keyvault:Vault": "its keys and secrets, what they encrypt, and its name for days",
    f"{_AZURE}machinelearningservices:OnlineDeployment": "its answers until it is made again",
    f"{_AZURE}machinelearningservices:OnlineEndpoint": "its deployments and its address",
    f"{_AZURE}machinelearningservices:Workspace": "experiments, models and endpoints, and its name for 14 days",
    f"{_AZURE}managedidentity:UserAssignedIdentity": "every role that it was granted",
    f"{_AZURE}network:VirtualNetwork": "every private way to the services",
    f"{_AZURE}operationalinsights:Workspace": "logs",
    f"{_AZURE}resources:ResourceGroup": "every Azure resource of the environment",
    f"{_AZURE}storage:BlobContainer": "its data",
    f"{_AZURE}storage:StorageAccount": "all data in it",
    "aws:cloudwatch/logGroup:LogGroup": "logs",
    "aws:ec2/vpc:Vpc": "the network of all jobs",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "every login through it, of other environments too",
    "aws:kms/key:Key": "what it encrypts",
    "aws:s3/bucket:Bucket": "all objects in it",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "the registered models",
    "aws:sagemaker/pipeline:Pipeline": "the history of its executions",
    "azuread:index/application:Application": "its client id, which others name",
    "azuread:index/group:Group": "who is in it",
    "azuread:index/servicePrincipal:ServicePrincipal": "every role that it was granted",
}
"""What goes with a resource, by type token."""


class FixedProperty(NamedTuple):
    """A property that the service does not let change in place, or only in one direction.

    allows: whether a change from one value to another works; both are as the engine's events have them.
    """

    type: str
    path: str
    allows: Callable[[Any, Any], bool]
    why: str


def _never(_old: Any, _new: Any) -> bool:
    return False


def _only_on(old: Any, new: Any) -> bool:
    return bool(new) and not old


def _from_nothing(old: Any, _new: Any) -> bool:
    return not old  # a free store keeps nothing of what is deleted; a standard one begins with its number of days


def _not_free(old: Any, new: Any) -> bool:
    order = ("free", "developer", "standard", "premium")
    return old in order and new in order and order.index(old) <= order.index(new)


def _same_zones(old: Any, new: Any) -> bool:
    """Return whether both kinds of replication are over zones (ZRS, GZRS), or neither is (LRS, GRS)."""
    return ("ZRS" in old) == ("ZRS" in new)


def _still_holds(old: Any, new: Any) -> bool:
    """Return whether every network of `old` lies in one of `new`: the subnets are in them while it changes."""
    wide = [ipaddress.IPv4Network(each) for each in new or ()]
    return all(any(ipaddress.IPv4Network(each).subnet_of(other) for other in wide) for each in old or ())


_ML = f"{_AZURE}machinelearningservices:Workspace"
_ONCE = "is decided when it is made"

FIXED: Final = (
    FixedProperty(f"{_AZURE}appconfiguration:ConfigurationStore", "sku.name", _not_free, "cannot become a lower one"),
    FixedProperty(
        f"{_AZURE}appconfiguration:ConfigurationStore", "enablePurgeProtection", _only_on, "cannot be turned off"
    ),
    FixedProperty(f"{_AZURE}appconfiguration:ConfigurationStore", "softDeleteRetentionInDays", _from_nothing, _ONCE),
    FixedProperty(f"{_AZURE}containerregistry:Registry", "zoneRedundancy", _never, _ONCE),
    # Azure's "Keys - Create If Not Exist": an existing key is returned, and nothing of it is written.
    FixedProperty(f"{_AZURE}keyvault:Key", "properties.kty", _never, _ONCE),
    FixedProperty(f"{_AZURE}keyvault:Vault", "properties.softDeleteRetentionInDays", _never, _ONCE),
    FixedProperty(f"{_AZURE}keyvault:Vault", "properties.enablePurgeProtection", _only_on, "cannot be turned off"),
    FixedProperty(f"{_AZURE}keyvault:Vault", "properties.tenantId", _never, _ONCE),
    FixedProperty(_ML, "hbiWorkspace", _never, _ONCE),
    FixedProperty(_ML, "keyVault", _never, _ONCE),
    FixedProperty(_ML, "storageAccount", _never, _ONCE),
    FixedProperty(_ML, "encryption", _never, _ONCE),
    # Microsoft, "Workspace managed virtual network isolation": not turned on beside compute, and never off again.
    FixedProperty(_ML, "managedNetwork.isolationMode", _never, "cannot change while there are clusters"),
    FixedProperty(f"{_AZURE}machinelearningservices:OnlineEndpoint", "identity", _never, _ONCE),
    # Microsoft.Network answers InUsePrefixCannotBeDeleted, to a wider one too; a preview does not see who is in it.
    FixedProperty(f"{_AZURE}network:Subnet", "addressPrefix", _never, "cannot change while something is in it"),
    FixedProperty(
        f"{_AZURE}network:VirtualNetwork", "addressSpace.addressPrefixes", _still_holds, "would leave subnets outside"
    ),
    # Microsoft, "Change how a storage account is replicated".
    FixedProperty(
        f"{_AZURE}storage:StorageAccount",
        "sku.name",
        _same_zones,
        "gains and loses zones by a conversion in Azure only",
    ),
    FixedProperty(f"{_AZURE}storage:StorageAccount", "encryption.requireInfrastructureEncryption", _never, _ONCE),
    FixedProperty("aws:s3/bucket:Bucket", "objectLockEnabled", _never, _ONCE),
)
