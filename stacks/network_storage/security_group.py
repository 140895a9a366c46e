"""A network security group with the rules of one subnet."""

from collections.abc import Sequence

from pulumi_azure_native import network

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def security_group(
    env: Environment, identity: IdentityOutputs, purpose: str, rules: Sequence[network.SecurityRuleArgs]
) -> network.NetworkSecurityGroupArgs:
    """Return a new group, as a subnet names it. purpose: of the subnet."""
    group = network.NetworkSecurityGroup(
        purpose,
        network_security_group_name=Names(env).of("network_security_group", purpose),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        security_rules=rules,
        tags=tags(env, "network_storage"),
    )
    return network.NetworkSecurityGroupArgs(id=group.id)
