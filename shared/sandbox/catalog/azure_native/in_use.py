"""What Azure's network refuses to delete while something uses it.

The codes are those of Microsoft.Network, as clients of it report them.
"""

from collections.abc import Callable, Iterator

from shared.sandbox.catalog.azure_native.references import at, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, is_list

_SUBNET = "azure-native:network:Subnet"
_GATEWAY = "azure-native:network:NatGateway"
_ENDPOINT = "azure-native:network:PrivateEndpoint"
_LINK = "azure-native:privatedns:VirtualNetworkLink"


def keep_used_by(token: str, path: str, code: str, what: str) -> Callable[[Request], None]:
    """Return the check that nothing of type `token` names the resource at `path` (of an id, or a list of objects).

    code and what: the refusal, and how the service calls the resource in it.
    """

    def check(request: Request) -> None:
        for record in request.existing.of_type(token):
            if request.id.lower() in (one.lower() for one in _ids(at(record.inputs, path))):
                raise CloudError(
                    code, f"{what} {request.id} cannot be deleted because it is in use by the resource {record.id}."
                )

    return check


keep_security_group = keep_used_by(
    _SUBNET, "networkSecurityGroup.id", "InUseNetworkSecurityGroupCannotBeDeleted", "Network security group"
)
keep_gateway = keep_used_by(_SUBNET, "natGateway.id", "InUseNatGatewayCannotBeDeleted", "NAT gateway")
keep_endpoint_policy = keep_used_by(
    _SUBNET,
    "serviceEndpointPolicies",
    "ServiceEndpointPolicyCannotBeDeletedIfReferencedBySubnet",
    "Service endpoint policy",
)
keep_address = keep_used_by(_GATEWAY, "publicIpAddresses", "PublicIPAddressCannotBeDeleted", "Public IP address")
keep_subnet = keep_used_by(_ENDPOINT, "subnet.id", "InUseSubnetCannotBeDeleted", "Subnet")


def keep_network(request: Request) -> None:
    """Refuse to delete a network in one of whose subnets a private endpoint is."""
    for endpoint in request.existing.of_type(_ENDPOINT):
        subnet = str(at(endpoint.inputs, "subnet.id"))
        if (parent_id(subnet) or "").lower() == request.id.lower():
            raise CloudError(
                "InUseSubnetCannotBeDeleted",
                f"Subnet {subnet} cannot be deleted because it is in use by the resource {endpoint.id}.",
            )


def keep_zone(request: Request) -> None:
    """Refuse to delete a private zone that is linked to a network."""
    links: list[Record] = request.existing.of_type(_LINK)
    for link in links:
        if (parent_id(link.id) or "").lower() == request.id.lower():
            raise CloudError(
                "CannotDeleteResource",
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
                f" '{link.id}'. Please delete all nested resources before deleting this resource.",
            )


def _ids(value: Json) -> Iterator[str]:
    if is_list(value):
        yield from (str(at(one, "id")) for one in value)
    elif value is not None:
        yield str(value)
