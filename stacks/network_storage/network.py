"""The virtual network: a subnet for private endpoints, one for clients and compute, one for self-hosted runners."""

import dataclasses

import pulumi
from pulumi_azure_native import network

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.network_storage.endpoint_policy import storage_only_ours
from stacks.network_storage.runner import runner_subnet
from stacks.network_storage.security_group import security_group
from stacks.network_storage.security_rules import endpoint_rules, training_rules


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """The network and its subnets. runner: None where the environment has no runners."""

    vnet: network.VirtualNetwork
    private_endpoints: network.Subnet
    training: network.Subnet
    runner: network.Subnet | None

    @property
    def subnet_ids(self) -> dict[str, pulumi.Output[str]]:
        """Return the subnets' ARM ids by the names that the contract has for them."""
        runner = {"runner": self.runner.id} if self.runner else {}
        return {"private_endpoints": self.private_endpoints.id, "training": self.training.id, **runner}


def virtual_network(env: Environment, identity: IdentityOutputs) -> Network:
    """Return the network. Its subnets are resources of their own: as properties of it they would undo each other.

    They are made one by one: Azure refuses two changes of one network at a time (AnotherOperationInProgress).
    """
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
    training = _training_subnet(env, identity, vnet)
    runner = runner_subnet(env, identity, vnet, after=training)
    # The last one, so that no private endpoint is made while a subnet is.
    endpoints = _endpoint_subnet(env, identity, vnet, after=runner or training)
    return Network(vnet=vnet, private_endpoints=endpoints, training=training, runner=runner)


def _endpoint_subnet(
    env: Environment, identity: IdentityOutputs, vnet: network.VirtualNetwork, *, after: network.Subnet
) -> network.Subnet:
    return network.Subnet(
        "private-endpoints",
        subnet_name=Names(env).of("subnet", "pe"),
        resource_group_name=identity.resource_group_name,
        virtual_network_name=vnet.name,
        address_prefix=env.virtual_network.private_endpoint_subnet,
        network_security_group=security_group(env, identity, "pe", endpoint_rules()),
        private_endpoint_network_policies="Disabled",
        default_outbound_access=False,
        opts=pulumi.ResourceOptions(depends_on=[after]),
    )


def _training_subnet(env: Environment, identity: IdentityOutputs, vnet: network.VirtualNetwork) -> network.Subnet:
    policy = storage_only_ours(env, identity)
    return network.Subnet(
        "training",
        subnet_name=Names(env).of("subnet", "training"),
        resource_group_name=identity.resource_group_name,
        virtual_network_name=vnet.name,
        address_prefix=env.virtual_network.training_subnet,
        network_security_group=security_group(env, identity, "training", training_rules(env)),
        service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.Storage")],
        service_endpoint_policies=[network.ServiceEndpointPolicyArgs(id=policy.id)] if policy else None,
        # Without a managed network, compute is in this subnet; its security group says where it gets to.
        default_outbound_access=not env.private_endpoints,
    )
