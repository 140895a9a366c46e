"""Microsoft.MachineLearningServices: what lives in a workspace (compute, datastores, endpoints)."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import created_text, extended, location, with_defaults
from shared.sandbox.catalog.azure_native.references import at, before, check_type, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_mapping

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ENDPOINT = f"{_WORKSPACE}/onlineEndpoints/{{endpointName}}"
_DEPLOYMENTS = "azure-native:machinelearningservices:OnlineDeployment"
_VERSION = "2025-12-01"
_ACCOUNTS = "azure-native:storage:StorageAccount"
_CONTAINERS = "azure-native:storage:BlobContainer"
_SECRET_PARTS = frozenset({"secrets", "keys"})
_WHOLE = 100
# What a cluster may change once it is there is how many nodes it has.
_FIXED_IN_CLUSTERS = (
    "identity",
    "properties.disableLocalAuth",
    "properties.properties.enableNodePublicIp",
    "properties.properties.osType",
    "properties.properties.remoteLoginPortPublicAccess",
    "properties.properties.subnet",
    "properties.properties.vmPriority",
    "properties.properties.vmSize",
)


def _check_compute(request: Request) -> None:
    workspace = request.existing.find(parent_id(request.id) or "")
    place = normal(at(request.inputs, "properties.computeLocation")) or location(request)
    if workspace and workspace.outputs.get("location") != place:
        raise CloudError("ComputeLocationMismatch", "AmlCompute must be in the region of its workspace.")
    if not at(request.inputs, "properties.computeType"):
        raise CloudError("BadArgument", "properties.computeType is missing.")
    subnet = at(request.inputs, "properties.properties.subnet.id")
    check_type(subnet, ["Microsoft.Network/virtualNetworks/subnets"], "properties.properties.subnet.id")
    isolated = workspace and at(workspace.inputs, "managedNetwork.isolationMode") not in (None, "Disabled")
    if subnet and isolated:
        raise CloudError("BadArgument", "A workspace with a managed network takes no compute in another network.")
    if str(at(request.inputs, "identity.type")).replace(" ", "") == "SystemAssigned,UserAssigned":
        raise CloudError("BadArgument", "A compute has a system-assigned or user-assigned identities, not both.")
    _check_unchanged(request, _FIXED_IN_CLUSTERS, "A compute cluster changes its scale settings only")


def _check_unchanged(request: Request, paths: tuple[str, ...], sentence: str) -> None:
    """Raise CloudError where an update changes what the service takes at creation only."""
    old = before(request)
    changed = [path for path in paths if old and at(old.inputs, path) != at(request.inputs, path)]
    if changed:
        raise CloudError("BadArgument", f"{sentence}: delete it, and make it with another {changed[0]}.")


def normal(text: Json) -> str:
    """Return a region's normal form, or an empty text where there is none."""
    return str(text).replace(" ", "").lower() if text else ""


def _compute_outputs(request: Request) -> Properties:
    said = request.inputs.get("properties")
    if not is_mapping(said):
        return {"properties": said}
    when = created_text(request)
    computed = {
        "computeLocation": normal(said.get("computeLocation")) or location(request),
        "createdOn": when,
        "isAttachedCompute": False,
        "modifiedOn": when,
        "provisioningErrors": [],
        "provisioningState": "Succeeded",
    }
    if said.get("computeType") == "AmlCompute":
        computed["properties"] = _cluster(said.get("properties"), when)
    return {"properties": {**said, **computed}}


def _cluster(said: Json, when: str) -> Json:
    states = ("idle", "leaving", "preempted", "preparing", "running", "unusable")
    counts = {f"{state}NodeCount": 0 for state in states}
    settings = with_defaults(said, vmPriority="Dedicated", osType="Linux")
    return extended(
        settings,
        allocationState="Steady",
        allocationStateTransitionTime=when,
        currentNodeCount=0,
        errors=[],
        nodeStateCounts=counts,
        targetNodeCount=0,
    )


def _check_datastore(request: Request) -> None:
    kind = at(request.inputs, "properties.datastoreType")
    if kind != "AzureBlob":
        raise CloudError("NotModelled", f"the sandbox models no datastore of the type {kind}, only AzureBlob")
    account, container = (at(request.inputs, f"properties.{key}") for key in ("accountName", "containerName"))
    accounts = {record.id.rpartition("/")[2].lower(): record.id for record in request.existing.of_type(_ACCOUNTS)}
    owner = accounts.get(str(account).lower())
    if owner is None:
        raise CloudError("ValidationError", f"The storage account {account} does not exist.")
    if not request.existing.find(f"{owner}/blobServices/default/containers/{container}", _CONTAINERS):
        raise CloudError("ValidationError", f"The account {account} has no container {container}.")


def _datastore_outputs(request: Request) -> Properties:
    """Return the datastore without the secrets of its credentials, which the service keeps in the vault."""
    said = request.inputs.get("properties")
    if not is_mapping(said):
        return {"properties": said}
    credentials = said.get("credentials")
    computed = {
        "credentials": _without_secrets(credentials),
        "endpoint": said.get("endpoint", "core.windows.net"),
        "isDefault": False,
        "protocol": said.get("protocol", "https"),
        "resourceGroup": said.get("resourceGroup", request.inputs.get("resourceGroupName")),
        "subscriptionId": said.get("subscriptionId", request.cloud.subscription_id),
    }
    return {"properties": {**said, **computed}}


def _without_secrets(said: Json) -> Json:
    return {key: value for key, value in said.items() if key not in _SECRET_PARTS} if is_mapping(said) else said


def _check_endpoint(request: Request) -> None:
    _check_unchanged(request, ("identity",), "The identity of an endpoint cannot be changed")
    traffic = at(request.inputs, "properties.traffic")
    shares = traffic if is_mapping(traffic) else {}
    if any(isinstance(share, int) for share in shares.values()) and sum(shares.values()) not in (0, _WHOLE):
        raise CloudError("BadArgument", f"The traffic of an endpoint's deployments adds up to 0 or {_WHOLE}.")
    for name, share in shares.items():
        if share and not request.existing.find(f"{request.id}/deployments/{name}", _DEPLOYMENTS):
            raise CloudError("BadArgument", f"The endpoint has no deployment {name} that could get traffic.")


def _endpoint_outputs(request: Request) -> Properties:
    said = with_defaults(request.inputs.get("properties"), publicNetworkAccess="Enabled", traffic={}, mirrorTraffic={})
    host = f"https://{request.text('endpointName')}.{location(request)}.inference.ml.azure.com"
    computed = {
        "provisioningState": "Succeeded",
        "scoringUri": f"{host}/score",
        "swaggerUri": f"{host}/swagger.json",
    }
    return {"properties": extended(_without_secrets(said), **computed)}


def _regional(request: Request) -> str:
    return f"online endpoint {location(request)} {request.text('endpointName').lower()}"


MODELS = (
    arm(
        "machinelearningservices:Compute",
        f"{_WORKSPACE}/computes/{{computeName}}",
        api_version=_VERSION,
        properties="identity location properties sku tags",
        required="location properties",
        name=NameRule(property="computeName", pattern=r"[a-zA-Z]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])", code="BadArgument"),
        check=_check_compute,
        standard="systemData",
        outputs=_compute_outputs,
    ),
    arm(
        "machinelearningservices:Datastore",
        f"{_WORKSPACE}/datastores/{{name}}",
        api_version=_VERSION,
        properties="properties skipValidation",
        required="properties",
        name=NameRule(property="name", pattern=r"[a-zA-Z0-9_]{1,255}", code="ValidationError"),
        check=_check_datastore,
        standard="systemData",
        outputs=_datastore_outputs,
        write_only="skipValidation",
    ),
    arm(
        "machinelearningservices:OnlineEndpoint",
        _ENDPOINT,
        api_version=_VERSION,
        properties="properties identity kind location sku tags",
        required="properties location",
        name=NameRule(
            property="endpointName",
            pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]",
            code="BadArgument",
        ),
        unique=_regional,
        taken_code="BadArgument",
        check=_check_endpoint,
        standard="systemData",
        outputs=_endpoint_outputs,
        replace_on="location",
    ),
)
