"""Resources of azure-native as a template of Azure Resource Manager."""

import re
from collections.abc import Iterable, Mapping

from shared.policy.arm_properties import arm_identity, arm_properties, arm_value
from shared.policy.arm_types import ArmType, arm_type_of
from shared.policy.errors import RenderingError
from shared.policy.json_value import Json
from shared.policy.rendered import Canary, Rendered
from shared.policy.resource import Resource

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
# The resource that an extension resource belongs to has one of these names in the SDK.
_SCOPES = ("scope", "resourceUri", "resourceId")
_CANARY_ENTRY = {"type": "Microsoft.Storage/storageAccounts", "name": "canary", "properties": {}}
_CANARY = Canary(name="Microsoft.Storage/storageAccounts.canary", check="CKV_AZURE_44")
_PARENT = re.compile(r".*/providers/(?P<provider>[^/]+)/(?P<path>[^/]+/[^/]+(?:/[^/]+/[^/]+)*)", re.IGNORECASE)


def arm_template(resources: Iterable[Resource]) -> Rendered:
    """Return the template of all azure-native resources that have an ARM type here. Raises RenderingError."""
    rendered: list[Json] = [dict(_CANARY_ENTRY)]
    owners: dict[str, str] = {}
    for resource in resources:
        if arm_type := arm_type_of(resource.type):
            entry = _entry(resource, arm_type)
            key = f"{entry['type']}.{entry['name']}"
            if key in owners:
                raise RenderingError(what=key)
            owners[key] = resource.urn
            rendered.append(entry)
    template = {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": rendered}
    return Rendered(framework="arm", document=template, owners=owners, canary=_CANARY)


def _entry(resource: Resource, arm_type: ArmType) -> dict[str, Json]:
    inputs = dict(resource.inputs)
    names = [str(inputs.pop(name, name)) for name in arm_type.names]
    inputs.pop("resourceGroupName", None)
    entry: dict[str, Json] = {"type": arm_type.name, "name": "/".join(names)}
    if version := resource.outputs.get("azureApiVersion"):
        entry["apiVersion"] = version
    scope = next((inputs.pop(name) for name in _SCOPES if name in inputs), None)
    if scope is not None:
        entry |= _extension(arm_type, names[-1], str(scope))
    if "identity" in inputs:
        entry["identity"] = arm_identity(inputs.pop("identity"))
    for name in arm_type.envelope & inputs.keys():
        entry[name] = arm_value(arm_type.name, inputs.pop(name))
    properties = _properties(arm_type, inputs)
    return {**entry, "properties": properties} if properties else entry


def _extension(arm_type: ArmType, name: str, scope: str) -> dict[str, Json]:
    """Name an extension resource after what it extends: its own name is unique there only.

    A template has that or a scope, never both.
    """
    match = _PARENT.fullmatch(scope)
    if match is None:
        return {"scope": scope}
    provider, _, own = arm_type.name.partition("/")
    kinds, names = match["path"].split("/")[::2], match["path"].split("/")[1::2]
    return {
        "type": f"{match['provider']}/{'/'.join(kinds)}/providers/{own}",
        "name": "/".join([*names, provider, name]),
    }


def _properties(arm_type: ArmType, inputs: Mapping[str, Json]) -> dict[str, Json]:
    own = inputs.get("properties")
    flat = {arm_type.renames.get(key, key): value for key, value in inputs.items() if key != "properties"}
    # Vaults, keys, endpoints and computes have their properties nested in the SDK too.
    nested = own if isinstance(own, dict) else {}
    return arm_properties(arm_type.name, {**nested, **flat})
