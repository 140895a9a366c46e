"""Networks: subnets with their security groups, the rules in those, and private endpoints."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block
from shared.policy.json_value import Json, at, is_mapping
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block
from shared.policy.terraform_names import terraform_values


def _network(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    values = {
        "name": resource.inputs.get("virtualNetworkName"),
        "address_space": at(resource.inputs, "addressSpace.addressPrefixes"),
        "dns_servers": at(resource.inputs, "dhcpOptions.dnsServers"),
    }
    yield block(resource, "azurerm_virtual_network", values)


def _subnet(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    values = {
        "name": resource.inputs.get("subnetName"),
        "address_prefixes": [resource.inputs.get("addressPrefix")],
        # azurerm joins the two in a resource of its own; Checkov takes either for the join.
        "network_security_group_id": at(resource.inputs, "networkSecurityGroup.id"),
    }
    yield block(resource, "azurerm_subnet", values)


def _security_group(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    rules = resource.inputs.get("securityRules") or []
    values = {
        "name": resource.inputs.get("networkSecurityGroupName"),
        "security_rule": [terraform_values(rule) for rule in rules if is_mapping(rule)] or None,
    }
    yield block(resource, "azurerm_network_security_group", values)


def _security_rule(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    yield block(resource, "azurerm_network_security_rule", terraform_values(resource.inputs))


def _private_endpoint(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    values = {
        "name": resource.inputs.get("privateEndpointName"),
        "subnet_id": at(resource.inputs, "subnet.id"),
        "private_service_connection": [
            _connection(one) for one in resource.inputs.get("privateLinkServiceConnections") or []
        ],
    }
    yield block(resource, "azurerm_private_endpoint", values)


def _connection(one: Json) -> dict[str, Json]:
    return {
        "name": at(one, "name"),
        "private_connection_resource_id": at(one, "privateLinkServiceId"),
        "subresource_names": at(one, "groupIds"),
    }


WRITERS: Mapping[str, Writer] = {
    "azure-native:network:NetworkSecurityGroup": _security_group,
    "azure-native:network:PrivateEndpoint": _private_endpoint,
    "azure-native:network:SecurityRule": _security_rule,
    "azure-native:network:Subnet": _subnet,
    "azure-native:network:VirtualNetwork": _network,
}
