"""The model of a resource type of Azure Resource Manager: ids made of paths, parents, references, common outputs."""

import re
from collections.abc import Callable

from shared.sandbox.catalog.azure_native.computed import STANDARD, assigned_identities, identity, normal_location
from shared.sandbox.catalog.azure_native.policy_enforcement import check_policies
from shared.sandbox.catalog.azure_native.references import (
    arm_type,
    before,
    check_exists,
    check_parent,
    check_type,
    ids_in,
    name_in,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request, ResourceModel
from shared.sandbox.wire import Properties, is_mapping

_PARAMETER = re.compile(r"\{(\w+)\}")
_GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}"
_WHOLE_ID = frozenset({"scope", "resourceUri", "resourceId"})


def _nothing(_: Request) -> None:
    return None


def arm(
    token: str,
    path: str,
    *,
    api_version: str,
    properties: str,
    required: str = "",
    name: NameRule | None = None,
    unique: Callable[[Request], str | None] | None = None,
    taken_code: str = "AlreadyExists",
    exists_code: str = "ResourceExists",
    check: Callable[[Request], None] | None = None,
    check_delete: Callable[[Request], None] = _nothing,
    standard: str = "",
    outputs: Callable[[Request], Properties] | None = None,
    replace_on: str = "",
    write_only: str = "",
    lacks: str = "",
) -> ResourceModel:
    """Return the model of a resource type of Azure Resource Manager.

    token: without the provider, e.g. "storage:StorageAccount".
    path: template of the id below the resource group, e.g. "Microsoft.Storage/storageAccounts/{accountName}"; an
        extension's begins with its scope, e.g. "{scope}", any other full path with "/". Its parameters are inputs that
        name the resource: they are required, replace it when they change, and are not outputs.
    api_version: REST API version that this SDK release uses for the type.
    properties, required, replace_on, write_only: names of further inputs, separated by spaces.
    check, check_delete: raise CloudError where the service refuses an operation for a reason of its own.
    standard: names of computed.STANDARD outputs that the type has.
    outputs: what the service adds beyond that, or gives back in another shape; None stands for nothing.
    lacks: names of common outputs that this type has not.

    Every ARM id in the inputs must exist, as must the parent. Outputs get name, type and azureApiVersion added, the
    location in its normal form and the identity as the service returns it.
    """
    template = path if path.startswith(("/", "{")) else f"{_GROUP}/providers/{path}"
    parameters = frozenset(_PARAMETER.findall(template)) - {"subscription"}
    more = outputs or (lambda _: {})

    def make_id(request: Request) -> str:
        return _PARAMETER.sub(lambda match: _parameter(request, match[1]), template)

    def checked(request: Request) -> None:
        check_parent(request)
        for resource_id in ids_in(request.inputs):
            check_exists(request, resource_id)
        _check_identity(request)
        _check_location(request)
        check_policies(request)
        if check:
            check(request)

    def all_outputs(request: Request) -> Properties:
        resource_id = request.id or make_id(request)
        common = {"name": name_in(resource_id), "type": arm_type(resource_id), "azureApiVersion": api_version}
        computed = {key: STANDARD[key](request) for key in standard.split()}
        found = {**common, **_reshaped(request), **computed, **more(request)}
        return {key: value for key, value in found.items() if value is not None and key not in lacks.split()}

    return ResourceModel(
        token=f"azure-native:{token}",
        properties=frozenset(properties.split()) | parameters,
        required=frozenset(required.split()) | parameters,
        write_only=parameters | frozenset(write_only.split()),
        exists_code=exists_code,
        taken_code=taken_code,
        name=name,
        unique_name=unique or (lambda _: None),
        make_id=make_id,
        check=checked,
        check_delete=check_delete,
        outputs=all_outputs,
        replace_on=frozenset(replace_on.split()) | parameters,
    )


def globally(kind: str, key: str) -> Callable[[Request], str]:
    """Return the rule that the name in the input `key` is unique in the world among resources of one kind."""
    return lambda request: f"{kind} {request.text(key).lower()}"


def _reshaped(request: Request) -> Properties:
    found: Properties = {}
    if isinstance(request.inputs.get("location"), str):
        found["location"] = normal_location(request.text("location"))
    if request.inputs.get("identity") is not None:
        found["identity"] = identity(request)
    return found


def _check_identity(request: Request) -> None:
    """Raise CloudError where the identity block is not one that ARM takes."""
    block = request.inputs.get("identity")
    if not is_mapping(block):
        return
    ids = assigned_identities(block)
    if ("UserAssigned" in str(block.get("type"))) != bool(ids):
        raise CloudError(
            "InvalidIdentityValues",
            f"identity.type is '{block.get('type')}' and {len(ids)} user-assigned identities are given.",
        )
    for one in ids:
        check_exists(request, one)
        check_type(one, ["Microsoft.ManagedIdentity/userAssignedIdentities"], "identity.userAssignedIdentities")


def _check_location(request: Request) -> None:
    """Raise CloudError where a resource would move: what the provider does not make anew stays where it is."""
    old = before(request)
    was = old.outputs.get("location") if old else None
    now = normal_location(request.text("location"))
    if was and now and was != now:
        raise CloudError(
            "InvalidResourceLocation",
            f"The resource '{name_in(request.id)}' already exists in location '{was}'. A resource with the same name"
            f" cannot be created in location '{now}'.",
        )


def _parameter(request: Request, name: str) -> str:
    if name == "subscription":
        return request.cloud.subscription_id
    text = request.text(name)
    return f"/{text.strip('/')}" if name in _WHOLE_ID else text
