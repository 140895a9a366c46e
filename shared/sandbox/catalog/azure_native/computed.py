"""What Azure Resource Manager adds to every resource: dates, authors, etags, identities, places."""

import datetime
import hashlib
import json
import uuid

from shared.sandbox.model import CloudIds, Request
from shared.sandbox.wire import UNKNOWN, Json, Properties, is_mapping

_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def deployer_id(cloud: CloudIds) -> str:
    """Return the Entra object id of the simulated login."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cloud.tenant_id}/deployer"))


def created(request: Request) -> datetime.datetime:
    """Return when the resource was made: a fixed date plus one second per operation, so that runs can be compared."""
    return _EPOCH + datetime.timedelta(seconds=request.serial)


def created_text(request: Request) -> str:
    """Return when the resource was made, as ARM writes it: ISO 8601 with seven digits of a second."""
    return created(request).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")


def created_seconds(request: Request) -> int:
    """Return when the resource was made, in seconds since 1970."""
    return int(created(request).timestamp())


def digest(value: Json) -> str:
    """Return 32 hex digits that change with `value`."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def etag(request: Request) -> str:
    """Return the entity tag: another one after every change of the inputs."""
    return f'W/"{request.guid(f"etag/{digest(request.inputs)}")}"'


def system_data(request: Request) -> Properties:
    """Return who made the resource and when."""
    when, who = created_text(request), deployer_id(request.cloud)
    return {
        "createdAt": when,
        "createdBy": who,
        "createdByType": "Application",
        "lastModifiedAt": when,
        "lastModifiedBy": who,
        "lastModifiedByType": "Application",
    }


def location(request: Request) -> str:
    """Return the region in its normal form: "westeurope" for "West Europe"."""
    return normal_location(request.text("location"))


def normal_location(text: str) -> str:
    """Return a region's normal form: lower case, no spaces."""
    return text.replace(" ", "").lower()


def extended(value: Json, **more: Json) -> Json:
    """Return an input object with what the service adds; anything else (absent, unknown) as it is."""
    return {**value, **more} if is_mapping(value) else value


def with_defaults(value: Json, **defaults: Json) -> Json:
    """Return an input object over the service's defaults, or the defaults where it is absent; unknown stays unknown."""
    if value is None:
        return dict(defaults)
    return {**defaults, **value} if is_mapping(value) else value


def assigned_identities(block: Json) -> list[str]:
    """Return the ids in an identity block: a list, but for registries, whose API takes a map with the ids as keys."""
    said = block.get("userAssignedIdentities") if is_mapping(block) else None
    return [str(one) for one in said] if isinstance(said, list) or is_mapping(said) else []


def identity(request: Request) -> Json:
    """Return the identity block as the service gives it back: a map from id to principal, where the input is a list."""
    block = request.inputs.get("identity")
    if not is_mapping(block):
        return block
    found = {one: request.existing.find(one) for one in assigned_identities(block)}
    assigned = {
        one: {key: record.outputs[key] for key in ("clientId", "principalId")} if record else UNKNOWN
        for one, record in found.items()
    }
    own = {"principalId": request.guid("principal"), "tenantId": request.cloud.tenant_id}
    has_own = "SystemAssigned" in str(block.get("type"))
    many = {"userAssignedIdentities": assigned} if found else {}
    return {"type": block.get("type"), **(own if has_own else {}), **many}


STANDARD = {
    "systemData": system_data,
    "etag": etag,
    "resourceGuid": lambda request: request.guid("resource"),
    "provisioningState": lambda _: "Succeeded",
    "privateEndpointConnections": lambda _: [],
}
"""Outputs that many types have, by their names."""
