"""What the ids of Azure Resource Manager say: types, parents, and whether what they name exists."""

import re
from collections.abc import Collection, Iterator

from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import UNKNOWN, Json, is_list, is_mapping

_TOP_LEVEL = 3  # namespace, type and name
_RESOURCE_ID = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+(/providers/.+)?", re.IGNORECASE)
_SUBSCRIPTION_ID = re.compile(r"/subscriptions/([^/]+)(?:/.*)?", re.IGNORECASE)
# Every storage account has its services, and every workspace its registered assets: they are no resources of ours.
_IMPLIED = re.compile(
    r"(?P<owner>.+?)(/(blob|file|queue|table)Services/default|/(models|environments|codes|data|components)/.+)",
    re.IGNORECASE,
)
# Azure makes a region's network watcher with the first network there.
_WATCHER = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/NetworkWatcherRG/providers/Microsoft\.Network/networkWatchers"
    r"/NetworkWatcher_(?P<region>[^/]+)",
    re.IGNORECASE,
)
_NETWORK = "azure-native:network:VirtualNetwork"
_FREE_TEXT = frozenset({"tags", "metadata"})


def arm_type(resource_id: str) -> str:
    """Return the type in an ARM id: "Microsoft.KeyVault/vaults/keys" for a key."""
    _, found, below = resource_id.rpartition("/providers/")
    if not found:
        return "Microsoft.Resources/resourceGroups"
    namespace, *segments = below.split("/")
    return "/".join([namespace, *segments[::2]])


def is_type(resource_id: str, wanted: str) -> bool:
    """Tell whether an ARM id is of the type `wanted`, whatever the case."""
    return arm_type(resource_id).lower() == wanted.lower()


def name_in(resource_id: str) -> str:
    """Return the last name in an ARM id."""
    return resource_id.rpartition("/")[2]


def parent_id(resource_id: str) -> str | None:
    """Return the id of the resource above: the scope of an extension, the group of a resource; None for a group."""
    scope, found, below = resource_id.rpartition("/providers/")
    if not found:
        return None
    segments = below.split("/")
    return scope if len(segments) <= _TOP_LEVEL else f"{scope}/providers/{'/'.join(segments[:-2])}"


def find(request: Request, resource_id: str) -> Record | None:
    """Return the live resource with an ARM id, or the one that brings it along; None where there is neither."""
    record = request.existing.find(resource_id)
    implied = _IMPLIED.fullmatch(resource_id)
    return record or (request.existing.find(implied["owner"]) if implied else _watched(request, resource_id))


def _watched(request: Request, resource_id: str) -> Record | None:
    """Return the network that brought a region's network watcher along, where `resource_id` is the watcher's."""
    watcher = _WATCHER.fullmatch(resource_id)
    if not watcher:
        return None
    networks = request.existing.of_type(_NETWORK)
    return next((one for one in networks if one.outputs.get("location") == watcher["region"].lower()), None)


def check_exists(request: Request, resource_id: str | None) -> None:
    """Raise CloudError, as ARM does, where `resource_id` lies in another subscription or names what does not exist."""
    subscription = _SUBSCRIPTION_ID.fullmatch(resource_id or "")
    if not resource_id or not subscription:
        return
    if subscription[1].lower() != request.cloud.subscription_id.lower():
        raise CloudError("SubscriptionNotFound", f"The subscription '{subscription[1]}' could not be found.")
    if not _RESOURCE_ID.fullmatch(resource_id) or find(request, resource_id):
        return
    if "/providers/" not in resource_id:
        raise CloudError("ResourceGroupNotFound", f"Resource group '{name_in(resource_id)}' could not be found.")
    raise CloudError("ResourceNotFound", f"The Resource '{resource_id}' was not found.")


def check_parent(request: Request) -> None:
    """Raise CloudError, as ARM does, where the resource above this one, its scope or its group does not exist."""
    above = parent_id(request.id)
    is_child = above is not None and request.id.count("/providers/") == above.count("/providers/")
    if above and is_child and above.count("/providers/") and not find(request, above):
        kind = arm_type(request.id)
        raise CloudError(
            "ParentResourceNotFound",
            f"Failed to perform 'write' on resource(s) of type '{kind}', because the parent resource '{above}'"
            " could not be found.",
        )
    check_exists(request, above)


def check_type(resource_id: Json, wanted: Collection[str], what: str) -> None:
    """Raise CloudError where `resource_id` is given and is not the id of a resource of one of the types `wanted`."""
    if resource_id is None or (isinstance(resource_id, str) and any(is_type(resource_id, one) for one in wanted)):
        return
    kinds = " or ".join(wanted)
    raise CloudError("LinkedInvalidPropertyId", f"{what} must be the resource id of a {kinds}, not '{resource_id}'.")


def ids_in(value: Json) -> Iterator[str]:
    """Yield every string in `value` that is an ARM id inside a resource group; tags and metadata are free text."""
    if is_mapping(value):
        for key, item in value.items():
            if key not in _FREE_TEXT:
                yield from ids_in(item)
    elif is_list(value):
        for item in value:
            yield from ids_in(item)
    elif isinstance(value, str) and _RESOURCE_ID.fullmatch(value):
        yield value


def at(value: Json, path: str) -> Json:
    """Return what lies at a dotted path in `value`; None where something on the way is missing or unknown."""
    for key in path.split("."):
        value = value.get(key) if is_mapping(value) else None
    return None if value == UNKNOWN else value


def before(request: Request) -> Record | None:
    """Return the resource as it is before this update, or None where it is being made."""
    return request.existing.find(request.id) if request.id else None
