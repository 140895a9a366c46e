"""Which storage accounts the training subnet reaches through its service endpoint: ours, and those of Azure ML itself.

Microsoft, "Azure Machine Learning data exfiltration prevention" and "Virtual network service endpoint policies for
Azure Storage"; docs/adr/0009 has the reasons.
"""

from pulumi_azure_native import network

from shared.components.compute_placement import compute_has_public_address, compute_in_our_subnet
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

# Accounts of Microsoft, from which nodes get what they start with.
_MACHINE_LEARNING = "/services/Azure/MachineLearning"


def storage_only_ours(env: Environment, identity: IdentityOutputs) -> network.ServiceEndpointPolicy | None:
    """Return the policy for the training subnet, or None where Azure ML's nodes would not start under it.

    It names the resource group, not the account: the account's firewall names the subnet, and the subnet this policy.
    """
    if compute_has_public_address(env):
        return None
    ours = network.ServiceEndpointPolicyDefinitionArgs(
        name="ours", service="Microsoft.Storage", service_resources=[identity.resource_group_id]
    )
    service = network.ServiceEndpointPolicyDefinitionArgs(
        name="machine-learning", service="Global", service_resources=[_MACHINE_LEARNING]
    )
    return network.ServiceEndpointPolicy(
        "training",
        service_endpoint_policy_name=Names(env).of("service_endpoint_policy", "training"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        service_endpoint_policy_definitions=[ours, service] if compute_in_our_subnet(env) else [ours],
        tags=tags(env, "network_storage"),
    )
