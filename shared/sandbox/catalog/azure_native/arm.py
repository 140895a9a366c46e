"""What all resources of Azure Resource Manager have in common: ids made of paths, parents, references, scopes."""

import re
from collections.abc import Callable, Iterator

from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request, ResourceModel
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_PARAMETER = re.compile(r"\{(\w+)\}")
_GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}"
_TOP_LEVEL = 3  # namespace, type and name
_RESOURCE_ID = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+(/providers/.+)?", re.IGNORECASE)


def arm(
    token: str,
    path: str,
    *,
    api_version: str,
    properties: str,
    required: str = "",
    name: NameRule | None = None,
    unique: Callable[[Request], str | None] | None = None,
    check: Callable[[Request], None] | None = None,
    outputs: Callable[[Request], Properties] | None = None,
    replace_on: str = "",
    write_only: str = "",
) -> ResourceModel:
    """Return the model of a resource type of Azure Resource Manager.

    token: without the provider, e.g. "storage:StorageAccount".
    path: template of the id below the resource group, e.g. "Microsoft.Storage/storageAccounts/{accountName}"; an
        extension's begins with "{scope}", any other full path with "/". Its parameters are inputs that name the
        resource: they are required, replace it when they change, and are not outputs.
    api_version: REST API version that this SDK release uses for the type.
    properties, required, replace_on, write_only: names of further inputs, separated by spaces.

    Every ARM id in the inputs must exist, as must the parent. Outputs get name, type and azureApiVersion added.
    """
    template = path if path.startswith(("/", "{scope}")) else f"{_GROUP}/providers/{path}"
    parameters = frozenset(_PARAMETER.findall(template)) - {"subscription"}
    more = outputs or (lambda _: {})

    def make_id(request: Request) -> str:
        return _PARAMETER.sub(lambda match: _parameter(request, match[1]), template)

    def checked(request: Request) -> None:
        check_exists(request, parent_id(request.id))
        for resource_id in _ids(request.inputs):
            check_exists(request, resource_id)
        if check:
            check(request)

    def all_outputs(request: Request) -> Properties:
        resource_id = request.id or make_id(request)
        common = {"name": resource_id.rpartition("/")[2], "type": arm_type(resource_id)}
        return {**common, "azureApiVersion": api_version, **more(request)}

    return ResourceModel(
        token=f"azure-native:{token}",
        properties=frozenset(properties.split()) | parameters,
        required=frozenset(required.split()) | parameters,
        write_only=parameters | frozenset(write_only.split()),
        name=name,
        unique_name=unique or (lambda _: None),
        make_id=make_id,
        check=checked,
        outputs=all_outputs,
        replace_on=frozenset(replace_on.split()) | parameters,
    )


def arm_type(resource_id: str) -> str:
    """Return the type in an ARM id: "Microsoft.KeyVault/vaults/keys" for a key."""
    _, found, below = resource_id.rpartition("/providers/")
    if not found:
        return "Microsoft.Resources/resourceGroups"
    namespace, *segments = below.split("/")
    return "/".join([namespace, *segments[::2]])


def parent_id(resource_id: str) -> str | None:
    """Return the id of the resource above: the scope of an extension, the group of a resource; None for a group."""
    scope, found, below = resource_id.rpartition("/providers/")
    if not found:
        return None
    segments = below.split("/")
    return scope if len(segments) <= _TOP_LEVEL else f"{scope}/providers/{'/'.join(segments[:-2])}"


def check_exists(request: Request, resource_id: str | None) -> None:
    """Raise CloudError, as ARM does, where `resource_id` names a resource of a group and it does not exist."""
    if not resource_id or not _RESOURCE_ID.fullmatch(resource_id) or request.existing.find(resource_id):
        return
    if "/providers/" not in resource_id:
        name = resource_id.rpartition("/")[2]
        raise CloudError("ResourceGroupNotFound", f"Resource group '{name}' could not be found.")
    raise CloudError("ResourceNotFound", f"The Resource '{resource_id}' was not found.")


def identity_output(request: Request) -> Json:
    """Return the identity block as the service gives it back: a map from id to principal, where the input is a list."""
    identity = request.inputs.get("identity")
    if not is_mapping(identity):
        return identity
    found = {str(one): request.existing.find(str(one)) for one in identity.get("userAssignedIdentities") or []}
    assigned = {
        one: {key: record.outputs[key] for key in ("clientId", "principalId")}
        for one, record in found.items()
        if record
    }
    system = "SystemAssigned" in str(identity.get("type"))
    own = {"principalId": request.guid("principal"), "tenantId": request.cloud.tenant_id} if system else {}
    return {"type": identity.get("type"), **own, **({"userAssignedIdentities": assigned} if assigned else {})}


def _parameter(request: Request, name: str) -> str:
    return request.cloud.subscription_id if name == "subscription" else request.text(name)


def _ids(value: Json) -> Iterator[str]:
    """Yield every string in `value` that is an ARM id inside a resource group."""
    if is_mapping(value):
        for item in value.values():
            yield from _ids(item)
    elif is_list(value):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, str) and _RESOURCE_ID.fullmatch(value):
        yield value
