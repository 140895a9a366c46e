"""The way out of self-hosted runners: one known public address, and no way in."""

import pulumi
from pulumi_azure_native import network

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.network_storage.security_group import security_group
from stacks.network_storage.security_rules import runner_rules

# A gateway without a zone takes an address of every zone (Microsoft, "NAT gateway and availability zones").
_ZONES = ("1", "2", "3")


def runner_subnet(
    env: Environment, identity: IdentityOutputs, vnet: network.VirtualNetwork, *, after: pulumi.Resource
) -> network.Subnet | None:
    """Return the runners' subnet, made after another one of the network; None where `env` has no runners."""
    if env.virtual_network.runner_subnet is None:
        return None
    return network.Subnet(
        "runner",
        subnet_name=Names(env).of("subnet", "runner"),
        resource_group_name=identity.resource_group_name,
        virtual_network_name=vnet.name,
        address_prefix=env.virtual_network.runner_subnet,
        network_security_group=security_group(env, identity, "runner", runner_rules()),
        nat_gateway=network.SubResourceArgs(id=_gateway(env, identity).id),
        default_outbound_access=False,
        opts=pulumi.ResourceOptions(depends_on=[after]),
    )


def _gateway(env: Environment, identity: IdentityOutputs) -> network.NatGateway:
    """Return a NAT gateway. Nodes behind it start connections and cannot be reached; others may allow its address."""
    address = network.PublicIPAddress(
        "runner",
        public_ip_address_name=Names(env).of("public_address", "runner"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
        public_ip_allocation_method="Static",
        public_ip_address_version="IPv4",
        zones=list(_ZONES),
        tags=tags(env, "network_storage"),
    )
    return network.NatGateway(
        "runner",
        nat_gateway_name=Names(env).of("nat_gateway", "runner"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        sku=network.NatGatewaySkuArgs(name="Standard"),
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        idle_timeout_in_minutes=4,
        tags=tags(env, "network_storage"),
    )
