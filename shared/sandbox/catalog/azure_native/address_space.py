"""Address ranges of virtual networks and subnets, and the addresses taken in them."""

import ipaddress
from collections.abc import Iterator

from shared.sandbox.catalog.azure_native.references import at, before, name_in, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties, is_list

SUBNET = "azure-native:network:Subnet"
PRIVATE_ENDPOINT = "azure-native:network:PrivateEndpoint"
_COMPUTE = "azure-native:machinelearningservices:Compute"

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_RESERVED = 4  # Azure keeps the first four addresses of a subnet and its last


def check_ranges(prefixes: Json, what: str) -> list[_Network]:
    """Return address prefixes as networks. Raises CloudError where one is none, as ARM does."""
    found: list[_Network] = []
    for prefix in prefixes if is_list(prefixes) else []:
        try:
            found.append(ipaddress.ip_network(str(prefix)))
        except ValueError as error:
            raise CloudError("InvalidAddressPrefixFormat", f"{what} '{prefix}' is not a valid prefix.") from error
    return found


def prefixes(inputs: Properties) -> Json:
    """Return the prefixes that a subnet's inputs name, in either form."""
    one = inputs.get("addressPrefix")
    return [one] if one else inputs.get("addressPrefixes")


def check_subnet_range(request: Request) -> None:
    """Raise CloudError where the subnet lies outside its network, or overlaps another one."""
    network = request.existing.find(parent_id(request.id) or "")
    outer = check_ranges(at(network.inputs, "addressSpace.addressPrefixes") if network else [], "Address prefix")
    ranges = check_ranges(prefixes(request.inputs), "Address prefix")
    name, owner = name_in(request.id), name_in(parent_id(request.id) or "")
    if not ranges:
        raise CloudError("NetcfgInvalidSubnet", f"Subnet '{name}' needs an address prefix.")
    if not all(any(_inside(one, space) for space in outer) for one in ranges):
        raise CloudError(
            "NetcfgSubnetRangeOutsideVnet",
            f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual"
            f" network '{owner}'.",
        )
    for sibling in _siblings(request):
        taken = check_ranges(prefixes(sibling.inputs), "Address prefix")
        if any(one.overlaps(other) for one in ranges for other in taken if one.version == other.version):
            raise CloudError(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet in"
                f" virtual network '{owner}': '{name_in(sibling.id)}'.",
            )


def check_prefix_in_use(request: Request) -> None:
    """Raise CloudError where an update takes a prefix from a subnet that something is in, as Microsoft.Network does.

    A cluster counts also while it has no nodes: nobody knows when it gets some.
    """
    old = before(request)
    lost = set(check_ranges(prefixes(old.inputs), "Address prefix")) if old else set[_Network]()
    lost -= set(check_ranges(prefixes(request.inputs), "Address prefix"))
    if lost and _is_used(request):
        raise CloudError(
            "InUsePrefixCannotBeDeleted",
            f"IpPrefix {min(map(str, lost))} on Subnet {name_in(request.id)} has active allocations and cannot be"
            " deleted.",
        )


def check_network_range(request: Request) -> None:
    """Raise CloudError where a network has no range, or an update would leave a subnet outside."""
    ranges = check_ranges(at(request.inputs, "addressSpace.addressPrefixes"), "Address prefix")
    if not ranges:
        raise CloudError("VnetAddressSpaceMissing", "addressSpace.addressPrefixes needs at least one prefix.")
    for subnet in _subnets_of(request, request.id):
        for one in check_ranges(prefixes(subnet.inputs), "Address prefix"):
            if not any(_inside(one, space) for space in ranges):
                raise CloudError("InUsePrefixCannotBeDeleted", f"The prefix is in use by {subnet.id}.")


def free_addresses(request: Request, subnet_id: str, count: int) -> list[str]:
    """Return the next `count` free addresses of a subnet, as text. Raises CloudError where there are not so many."""
    subnet = request.existing.find(subnet_id, SUBNET)
    ranges = check_ranges(prefixes(subnet.inputs) if subnet else [], "Address prefix")
    taken = set(_taken(request, subnet_id))
    free = (str(host) for space in ranges for host in list(space.hosts())[_RESERVED - 1 :])
    found = [address for address in free if address not in taken][:count]
    if len(found) < count:
        raise CloudError("SubnetIsFull", f"Subnet {name_in(subnet_id)} does not have enough capacity for {count} IPs.")
    return found


def _is_used(request: Request) -> bool:
    users = ((PRIVATE_ENDPOINT, "subnet.id"), (_COMPUTE, "properties.properties.subnet.id"))
    named = (at(record.inputs, path) for token, path in users for record in request.existing.of_type(token))
    return request.id.lower() in (str(one).lower() for one in named)


def _inside(one: _Network, space: _Network) -> bool:
    if isinstance(one, ipaddress.IPv4Network) and isinstance(space, ipaddress.IPv4Network):
        return one.subnet_of(space)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(space, ipaddress.IPv6Network):
        return one.subnet_of(space)
    return False


def _siblings(request: Request) -> list[Record]:
    above = parent_id(request.id) or ""
    return [record for record in _subnets_of(request, above) if record.id.lower() != request.id.lower()]


def _subnets_of(request: Request, network_id: str) -> list[Record]:
    found = request.existing.of_type(SUBNET)
    return [record for record in found if (parent_id(record.id) or "").lower() == network_id.lower()]


def _taken(request: Request, subnet_id: str) -> Iterator[str]:
    for endpoint in request.existing.of_type(PRIVATE_ENDPOINT):
        if str(at(endpoint.inputs, "subnet.id")).lower() == subnet_id.lower():
            for config in endpoint.outputs.get("customDnsConfigs") or []:
                yield from config.get("ipAddresses", [])
