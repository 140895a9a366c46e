"""Microsoft.MachineLearningServices: workspaces."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import extended, location, with_defaults
from shared.sandbox.catalog.azure_native.references import at, before, check_type, name_in
from shared.sandbox.catalog.azure_native.vault_keys import check_key
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_mapping

_STORAGE = "azure-native:storage:StorageAccount"
_NEEDED = {
    "storageAccount": "Microsoft.Storage/storageAccounts",
    "keyVault": "Microsoft.KeyVault/vaults",
    "applicationInsights": "Microsoft.Insights/components",
}
_OPTIONAL = {"containerRegistry": "Microsoft.ContainerRegistry/registries"}
_FIXED = (
    "storageAccount",
    "keyVault",
    "hbiWorkspace",
    "enableDataIsolation",
    "encryption.keyVaultProperties.keyVaultArmId",
)
_OUTSIDE = ("azure-native:machinelearningservices:Compute", "azure-native:machinelearningservices:OnlineEndpoint")
_STRICTNESS = ("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")


def _check(request: Request) -> None:
    if any(not request.inputs.get(key) for key in _NEEDED):
        raise CloudError("ValidationError", "Missing dependent resources in workspace json")
    for key, kind in {**_NEEDED, **_OPTIONAL}.items():
        check_type(request.inputs.get(key), [kind], key)
    _check_identity(request)
    _check_storage(request)
    _check_fixed(request)
    key = at(request.inputs, "encryption.keyVaultProperties.keyIdentifier")
    if key:
        check_key(request, str(key), at(request.inputs, "encryption.identity.userAssignedIdentity"))


def _check_identity(request: Request) -> None:
    """Raise CloudError where a workspace with user-assigned identities does not say which one is its own."""
    kind, own = str(at(request.inputs, "identity.type")), request.text("primaryUserAssignedIdentity")
    assigned = {str(one).lower() for one in at(request.inputs, "identity.userAssignedIdentities") or []}
    if kind == "None":
        raise CloudError("ValidationError", "The workspace needs an identity.")
    if kind == "UserAssigned" and not own:
        raise CloudError("ValidationError", "primaryUserAssignedIdentity is required for a user-assigned identity.")
    if own and own.lower() not in assigned:
        raise CloudError("ValidationError", f"The primary identity {own} is not assigned to the workspace.")


def _check_storage(request: Request) -> None:
    """Raise CloudError where the default store would be one with a hierarchical namespace."""
    account = request.existing.find(request.text("storageAccount"), _STORAGE)
    if account and account.inputs.get("isHnsEnabled") is True:
        raise CloudError("ValidationError", "The default storage account cannot have a hierarchical namespace.")


def _check_fixed(request: Request) -> None:
    old = before(request)
    if old is None:
        return
    for path in _FIXED:
        if str(at(old.inputs, path)).lower() != str(at(request.inputs, path)).lower():
            raise CloudError("ValidationError", f"The property {path} of a workspace cannot be changed.")
    was, now = (
        str(at(inputs, "managedNetwork.isolationMode") or "Disabled") for inputs in (old.inputs, request.inputs)
    )
    if was in _STRICTNESS and now in _STRICTNESS and was != "Disabled" and now == "Disabled":
        raise CloudError("ValidationError", "The managed network of a workspace cannot be disabled again.")
    if was == "Disabled" and now in _STRICTNESS and now != was:
        _check_empty(request)


def _check_empty(request: Request) -> None:
    """Raise CloudError where compute or endpoints would stay outside the managed network that the workspace gets.

    "Workspace managed virtual network isolation" of Azure Machine Learning, migration of compute resources: there is
    no way to migrate them, they are deleted first and made again.
    """
    for token in _OUTSIDE:
        for record in request.existing.of_type(token):
            if record.id.lower().startswith(f"{request.id.lower()}/"):
                raise CloudError(
                    "ValidationError",
                    f"Delete {name_in(record.id)} first: a workspace gets a managed network without compute and"
                    " endpoints.",
                )


def _outputs(request: Request) -> Properties:
    place, guid = location(request), request.guid("workspace")
    host = f"{place}.api.azureml.ms"
    name = request.text("workspaceName")
    return {
        "allowPublicAccessWhenBehindVnet": request.inputs.get("allowPublicAccessWhenBehindVnet", False),
        "discoveryUrl": f"https://{host}/discovery",
        "enableDataIsolation": request.inputs.get("enableDataIsolation", False),
        "friendlyName": request.text("friendlyName", name),
        "hbiWorkspace": request.inputs.get("hbiWorkspace", False),
        "kind": request.text("kind", "Default"),
        "managedNetwork": _managed_network(request),
        "mlFlowTrackingUri": f"azureml://{host}/mlflow/v1.0{request.id}",
        "notebookInfo": {
            "fqdn": f"ml-{name}-{place}-{guid}.{place}.notebooks.azure.net",
            "isPrivateLinkEnabled": False,
            "resourceId": request.hex("notebook", 32),
        },
        "privateLinkCount": 0,
        "publicNetworkAccess": request.text("publicNetworkAccess", "Enabled"),
        "serviceProvisionedResourceGroup": "",
        "sku": with_defaults(request.inputs.get("sku"), name="Basic", tier="Basic"),
        "storageHnsEnabled": False,
        "systemDatastoresAuthMode": request.text("systemDatastoresAuthMode", "AccessKey"),
        "tenantId": request.cloud.tenant_id,
        "v1LegacyMode": request.inputs.get("v1LegacyMode", False),
        "workspaceId": guid,
    }


def _managed_network(request: Request) -> Json:
    said = with_defaults(request.inputs.get("managedNetwork"), isolationMode="Disabled")
    if not is_mapping(said):
        return said
    isolated = said.get("isolationMode") != "Disabled"
    ready = isolated and request.inputs.get("provisionNetworkNow") is True
    status = {"status": "Active" if ready else "Inactive", "sparkReady": False}
    computed: Properties = {"networkId": request.guid("network"), "status": status, "firewallPublicIpAddress": ""}
    rules = said.get("outboundRules")
    if is_mapping(rules):
        added = {"status": "Active" if ready else "Inactive", "parentRuleNames": [], "errorInformation": ""}
        computed["outboundRules"] = {
            key: extended(with_defaults(rule, category="UserDefined"), **added) for key, rule in rules.items()
        }
    return {**said, **computed}


MODELS = (
    arm(
        "machinelearningservices:Workspace",
        "Microsoft.MachineLearningServices/workspaces/{workspaceName}",
        api_version="2025-12-01",
        properties="allowPublicAccessWhenBehindVnet applicationInsights associatedWorkspaces containerRegistry"
        " description discoveryUrl enableDataIsolation enableServiceSideCMKEncryption encryption featureStoreSettings"
        " friendlyName hbiWorkspace hubResourceId identity imageBuildCompute keyVault kind location managedNetwork"
        " primaryUserAssignedIdentity provisionNetworkNow publicNetworkAccess serverlessComputeSettings"
        " serviceManagedResourcesSettings sharedPrivateLinkResources sku storageAccount systemDatastoresAuthMode tags"
        " v1LegacyMode workspaceHubConfig",
        required="location identity",
        name=NameRule(property="workspaceName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}", code="WorkspaceNameInvalid"),
        exists_code="ValidationError",
        check=_check,
        standard="provisioningState privateEndpointConnections systemData",
        outputs=_outputs,
    ),
)
