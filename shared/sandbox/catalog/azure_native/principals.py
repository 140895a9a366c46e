"""Who can be given a role: identities of Azure, and principals of Entra."""

from shared.sandbox.catalog.azure_native.computed import deployer_id
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, is_mapping

_IN_ENTRA = tuple(f"azuread:index/{name}:{name[0].upper()}{name[1:]}" for name in ("servicePrincipal", "group", "user"))
_IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
_WITH_OWN_IDENTITY = (
    "azure-native:appconfiguration:ConfigurationStore",
    "azure-native:authorization:PolicyAssignment",
    "azure-native:containerregistry:Registry",
    "azure-native:machinelearningservices:Compute",
    "azure-native:machinelearningservices:OnlineEndpoint",
    "azure-native:machinelearningservices:Workspace",
    "azure-native:operationalinsights:Workspace",
    "azure-native:storage:StorageAccount",
)


def check_principal(request: Request, principal_id: str) -> None:
    """Raise CloudError, as ARM does, where Entra has no principal with that object id."""
    if principal_id.lower() not in _known(request):
        raise CloudError(
            "PrincipalNotFound",
            f"Principal {principal_id.replace('-', '')} does not exist in the directory {request.cloud.tenant_id}.",
        )


def _known(request: Request) -> set[str]:
    existing = request.existing
    entra = [record.outputs.get("objectId") for token in _IN_ENTRA for record in existing.of_type(token)]
    assigned = [record.outputs.get("principalId") for record in existing.of_type(_IDENTITY)]
    own = [_own(record.outputs.get("identity")) for token in _WITH_OWN_IDENTITY for record in existing.of_type(token)]
    return {str(one).lower() for one in (*entra, *assigned, *own, deployer_id(request.cloud)) if one}


def _own(identity: Json) -> Json:
    return identity.get("principalId") if is_mapping(identity) else None
