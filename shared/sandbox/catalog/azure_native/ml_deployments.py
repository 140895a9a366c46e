"""Microsoft.MachineLearningServices: models behind online endpoints."""

import re
from collections.abc import Iterator

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import assigned_identities, extended, with_defaults
from shared.sandbox.catalog.azure_native.references import at, name_in, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

_PATH = "Microsoft.MachineLearningServices/workspaces/{workspaceName}/onlineEndpoints/{endpointName}"
_ASSIGNMENTS = "azure-native:authorization:RoleAssignment"
_IDENTITIES = "azure-native:managedidentity:UserAssignedIdentity"
_SIZE = re.compile(r"Standard_[A-Za-z0-9_]+")
# AcrPull, AcrPush, Reader, Contributor, Owner
_MAY_PULL = frozenset(
    {
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    }
)
_ASSETS = {"model": "models", "environmentId": "environments", "codeConfiguration.codeId": "codes"}


def _check(request: Request) -> None:
    kind = at(request.inputs, "properties.endpointComputeType")
    if kind != "Managed":
        raise CloudError("NotModelled", f"the sandbox models no deployment of the type {kind}, only Managed")
    _check_instances(request)
    _check_assets(request)
    endpoint = request.existing.find(parent_id(request.id) or "")
    workspace = request.existing.find(parent_id(endpoint.id) or "") if endpoint else None
    if endpoint and workspace:
        _check_egress(request, workspace)
        _check_pull(request, endpoint, workspace)


def _check_instances(request: Request) -> None:
    size = at(request.inputs, "properties.instanceType")
    if not size:
        raise CloudError("BadArgument", "properties.instanceType is missing.")
    if not _SIZE.fullmatch(str(size)):
        raise CloudError("BadArgument", f"The instance type {size} is not supported.")
    name, instances = at(request.inputs, "sku.name"), at(request.inputs, "sku.capacity")
    if name not in (None, "Default"):
        raise CloudError("BadArgument", f"The sku of a managed deployment is Default, not {name}.")
    if isinstance(instances, (int, float)) and instances < 1:
        raise CloudError("BadArgument", "A managed deployment has one instance or more.")


def _check_assets(request: Request) -> None:
    """Raise CloudError where an asset has no id that the API takes: an ARM id, or azureml:// with the whole path."""
    for path, kind in _ASSETS.items():
        said = at(request.inputs, f"properties.{path}")
        if said is not None and not re.fullmatch(
            rf"(azureml:/|/subscriptions)/.+/{kind}/[^/]+/versions/[^/]+", str(said)
        ):
            raise CloudError("BadArgument", f"properties.{path} is not the id of one of the {kind}: {said}.")


def _check_egress(request: Request, workspace: Record) -> None:
    isolated = at(workspace.inputs, "managedNetwork.isolationMode") not in (None, "Disabled")
    # The SDK sends "Enabled" where a program says nothing.
    if isolated and at(request.inputs, "properties.egressPublicNetworkAccess") == "Disabled":
        raise CloudError(
            "BadArgument", "egressPublicNetworkAccess cannot be Disabled where the workspace has a managed network."
        )


def _check_pull(request: Request, endpoint: Record, workspace: Record) -> None:
    """Raise CloudError where the endpoint's own identities may not pull its image.

    A system-assigned one gets that role from the service; a user-assigned one does not ("Access Azure resources from
    an online endpoint with a managed identity").
    """
    registry = str(at(workspace.inputs, "containerRegistry") or "")
    principals = list(_principals(request, endpoint))
    allowed = {principal for principal in principals if _may_pull(request, principal, registry)}
    if registry and principals and not allowed:
        raise CloudError("BadArgument", "Endpoint identity does not have pull permission on the registry.")


def _principals(request: Request, endpoint: Record) -> Iterator[str]:
    for one in assigned_identities(at(endpoint.inputs, "identity")):
        record = request.existing.find(one, _IDENTITIES)
        if record:
            yield str(record.outputs.get("principalId"))


def _may_pull(request: Request, principal: str, registry: str) -> bool:
    for record in request.existing.of_type(_ASSIGNMENTS):
        role, scope = (str(record.inputs.get(key)) for key in ("roleDefinitionId", "scope"))
        covers = registry.lower() == scope.lower() or registry.lower().startswith(f"{scope.lower()}/")
        if record.inputs.get("principalId") == principal and covers and role.rpartition("/")[2].lower() in _MAY_PULL:
            return True
    return False


def _check_delete(request: Request) -> None:
    endpoint = request.existing.find(parent_id(request.id) or "")
    share = at(endpoint.inputs, f"properties.traffic.{name_in(request.id)}") if endpoint else None
    if share:
        raise CloudError(
            "BadArgument", f"The deployment {name_in(request.id)} gets {share} % of the traffic: set that to 0 first."
        )


def _outputs(request: Request) -> Properties:
    defaults: Properties = {"appInsightsEnabled": False, "scaleSettings": {"scaleType": "Default"}}
    said = with_defaults(request.inputs.get("properties"), **defaults)
    return {
        "properties": extended(said, provisioningState="Succeeded"),
        "sku": with_defaults(request.inputs.get("sku"), name="Default", capacity=1),
    }


MODELS = (
    arm(
        "machinelearningservices:OnlineDeployment",
        f"{_PATH}/deployments/{{deploymentName}}",
        api_version="2025-12-01",
        properties="properties identity kind location sku tags",
        required="properties location",
        name=NameRule(
            property="deploymentName",
            pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]",
            code="BadArgument",
        ),
        check=_check,
        check_delete=_check_delete,
        standard="systemData",
        outputs=_outputs,
        replace_on="location properties.instanceType",
    ),
)
