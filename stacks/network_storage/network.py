"""The virtual network with one subnet for private endpoints and one for clients and runners."""

import dataclasses
from collections.abc import Sequence

import pulumi
from pulumi_azure_native import network

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.network_storage.security_rules import endpoint_rules, training_rules


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """The network and its subnets."""

    vnet: network.VirtualNetwork
    private_endpoints: network.Subnet
    training: network.Subnet


def virtual_network(env: Environment, identity: IdentityOutputs) -> Network:
    """Return the network. Its subnets are resources of their own: as properties of it they would undo each other."""
    vnet = network.VirtualNetwork(
        "vnet",
        virtual_network_name=Names(env).of("virtual_network"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        address_space=network.AddressSpaceArgs(address_prefixes=[env.virtual_network.address_space]),
        tags=tags(env, "network_storage"),
        # Left out of the request, they would be deleted; shown by refresh, they would be a difference.
        opts=pulumi.ResourceOptions(ignore_changes=["subnets"]),
    )
    endpoints = network.Subnet(
        "private-endpoints",
        subnet_name=Names(env).of("subnet", "pe"),
        resource_group_name=identity.resource_group_name,
        virtual_network_name=vnet.name,
        address_prefix=env.virtual_network.private_endpoint_subnet,
        network_security_group=_security_group(env, identity, "pe", endpoint_rules()),
        private_endpoint_network_policies="Disabled",
        default_outbound_access=False,
    )
    training = network.Subnet(
        "training",
        subnet_name=Names(env).of("subnet", "training"),
        resource_group_name=identity.resource_group_name,
        virtual_network_name=vnet.name,
        address_prefix=env.virtual_network.training_subnet,
        network_security_group=_security_group(env, identity, "training", training_rules(env)),
        service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.Storage")],
        # Without a managed network, compute is in this subnet; its security group says where it gets to.
        default_outbound_access=not env.private_endpoints,
        # Azure refuses two changes of one network at a time (AnotherOperationInProgress).
        opts=pulumi.ResourceOptions(depends_on=[endpoints]),
    )
    return Network(vnet=vnet, private_endpoints=endpoints, training=training)


def _security_group(
    env: Environment, identity: IdentityOutputs, purpose: str, rules: Sequence[network.SecurityRuleArgs]
) -> network.NetworkSecurityGroupArgs:
    group = network.NetworkSecurityGroup(
        purpose,
        network_security_group_name=Names(env).of("network_security_group", purpose),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        security_rules=rules,
        tags=tags(env, "network_storage"),
    )
    return network.NetworkSecurityGroupArgs(id=group.id)
