"""Resources of azure-native as Terraform's azurerm provider has them.

Only types that Checkov has rules for in Terraform and none, or fewer, for templates of Azure Resource Manager; and
what those rules look for beside a resource, as private endpoints. A template says everything; these blocks only what
a rule reads, under the name that the rule reads.
"""

from collections.abc import Iterator, Sequence

from shared.policy.azurerm import app_configuration, container_registry, key_vault, machine_learning, network, storage
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block

_WRITERS = {
    **app_configuration.WRITERS,
    **container_registry.WRITERS,
    **key_vault.WRITERS,
    **machine_learning.WRITERS,
    **network.WRITERS,
    **storage.WRITERS,
}


def azurerm_blocks(resources: Sequence[Resource]) -> Iterator[Block]:
    """Yield the azurerm blocks of `resources`."""
    for resource in resources:
        if writer := _WRITERS.get(resource.type):
            yield from writer(resource, resources)
