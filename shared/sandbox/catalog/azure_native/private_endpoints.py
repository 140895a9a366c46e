"""Microsoft.Network private endpoints and the groups that write their names into private DNS zones."""

from shared.sandbox.catalog.azure_native.address_space import PRIVATE_ENDPOINT, SUBNET, free_addresses
from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import etag, extended, location
from shared.sandbox.catalog.azure_native.private_link import record_name, targets_of
from shared.sandbox.catalog.azure_native.references import (
    arm_type,
    at,
    before,
    check_type,
    name_in,
    parent_id,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_ENDPOINT = "Microsoft.Network/privateEndpoints/{privateEndpointName}"
_VERSION = "2024-05-01"
_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_NETWORK = "azure-native:network:VirtualNetwork"
_TTL = 10


def _connections(request: Request) -> list[Properties]:
    keys = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    return [one for key in keys for one in request.inputs.get(key) or [] if is_mapping(one)]


def _check_endpoint(request: Request) -> None:
    check_type(at(request.inputs, "subnet.id"), [_SUBNET], "subnet.id")
    connections = _connections(request)
    if len(connections) != 1:
        raise CloudError(
            "PrivateEndpointMustHaveOneConnection", f"A private endpoint has one connection, not {len(connections)}."
        )
    _check_target(connections[0])
    network = request.existing.find(str(at(request.inputs, "subnet.id")).rpartition("/subnets/")[0], _NETWORK)
    if network and network.outputs.get("location") != location(request):
        raise CloudError(
            "InvalidResourceReference",
            f"Resource {network.id} referenced by resource {request.id} was not found: it lies in another region.",
        )


def _check_target(connection: Properties) -> None:
    target, groups = str(connection.get("privateLinkServiceId")), connection.get("groupIds") or []
    known = {one.group for one in targets_of(target)}
    if not known:
        raise CloudError("NotModelled", f"the sandbox knows no private link to a {arm_type(target)}")
    if len(groups) != 1:
        raise CloudError(
            "MissingParameterOnPrivateLinkServiceConnection",
            f"Private link service connection '{connection.get('name')}' needs one group id for {target}.",
        )
    if groups[0] not in known:
        raise CloudError(
            "BadRequest",
            f"Call to {arm_type(target)} failed. Error message: Invalid groupId '{groups[0]}'; one of"
            f" {', '.join(sorted(known))}.",
        )


def _endpoint_outputs(request: Request) -> Properties:
    group = request.id.rpartition("/providers/")[0]
    nic = request.text("customNetworkInterfaceName") or f"{name_in(request.id)}.nic.{request.guid('nic')}"
    keys = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    return {
        **{key: _connected(request, key) for key in keys},
        "customDnsConfigs": _names(request),
        "customNetworkInterfaceName": request.text("customNetworkInterfaceName"),
        "ipConfigurations": request.inputs.get("ipConfigurations", []),
        "networkInterfaces": [{"id": f"{group}/providers/Microsoft.Network/networkInterfaces/{nic}"}],
    }


def _connected(request: Request, key: str) -> Json:
    said = request.inputs.get(key)
    if said is not None and not is_list(said):
        return said
    state = {"status": "Approved" if key.startswith("private") else "Pending", "description": "", "actionsRequired": ""}
    return [
        extended(
            one,
            id=f"{request.id}/{key}/{at(one, 'name')}",
            type=f"Microsoft.Network/privateEndpoints/{key}",
            etag=etag(request),
            provisioningState="Succeeded",
            privateLinkServiceConnectionState=state,
        )
        for one in said or []
    ]


def _names(request: Request) -> Json:
    """Return the host names of the target with their addresses in the subnet; an update keeps the addresses."""
    old = before(request)
    if old:
        return old.outputs.get("customDnsConfigs")
    names = [name for connection in _connections(request) for name in _target_names(request, connection)]
    subnet = str(at(request.inputs, "subnet.id"))
    if not request.existing.find(subnet, SUBNET):
        return []  # a preview, before the subnet is made
    addresses = free_addresses(request, subnet, len(names))
    return [{"fqdn": name, "ipAddresses": [ip]} for name, ip in zip(names, addresses, strict=True)]


def _target_names(request: Request, connection: Properties) -> list[str]:
    record = request.existing.find(str(connection.get("privateLinkServiceId")))
    groups = connection.get("groupIds") or []
    found = targets_of(record.id) if record else []
    return [name for target in found if record and target.group in groups for name in target.names(record)]


def _check_zone_group(request: Request) -> None:
    configs = request.inputs.get("privateDnsZoneConfigs") or []
    names = [at(config, "name") for config in configs]
    if not configs or len(names) != len(set(names)):
        raise CloudError("InvalidRequestFormat", "privateDnsZoneConfigs needs entries with names that differ.")
    for config in configs:
        check_type(at(config, "privateDnsZoneId"), ["Microsoft.Network/privateDnsZones"], "privateDnsZoneId")


def _zone_group_outputs(request: Request) -> Properties:
    said = request.inputs.get("privateDnsZoneConfigs")
    endpoint = request.existing.find(parent_id(request.id) or "", PRIVATE_ENDPOINT)
    hosts: Json = endpoint.outputs.get("customDnsConfigs") if endpoint else []
    if not is_list(said):
        return {"privateDnsZoneConfigs": said}
    return {"privateDnsZoneConfigs": [extended(one, recordSets=_records(one, hosts)) for one in said]}


def _records(config: Json, hosts: Json) -> list[Properties]:
    zone = name_in(str(at(config, "privateDnsZoneId")))
    found = [(record_name(host["fqdn"], zone), host) for host in hosts or []]
    return [
        {
            "fqdn": f"{name}.{zone}",
            "ipAddresses": host["ipAddresses"],
            "provisioningState": "Succeeded",
            "recordSetName": name,
            "recordType": "A",
            "ttl": _TTL,
        }
        for name, host in found
        if name
    ]


MODELS = (
    arm(
        "network:PrivateEndpoint",
        _ENDPOINT,
        api_version=_VERSION,
        properties="applicationSecurityGroups customDnsConfigs customNetworkInterfaceName extendedLocation id"
        " ipConfigurations location manualPrivateLinkServiceConnections privateLinkServiceConnections subnet tags",
        required="location subnet",
        name=NameRule(property="privateEndpointName", pattern=r"(?=.{2,64}$)[a-zA-Z0-9]([\w.-]*\w)?"),
        check=_check_endpoint,
        standard="etag provisioningState",
        outputs=_endpoint_outputs,
        write_only="id",
        replace_on="subnet",
    ),
    arm(
        "network:PrivateDnsZoneGroup",
        f"{_ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}",
        api_version=_VERSION,
        properties="id name privateDnsZoneConfigs",
        required="privateDnsZoneConfigs",
        name=NameRule(property="privateDnsZoneGroupName", pattern=r"(?=.{1,80}$)[a-zA-Z0-9]([\w.-]*\w)?"),
        check=_check_zone_group,
        standard="etag provisioningState",
        outputs=_zone_group_outputs,
        write_only="id",
        lacks="type",
    ),
)
