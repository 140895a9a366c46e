"""Container registries: azurerm_container_registry."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block, children, switched
from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block


def _registry(resource: Resource, resources: Sequence[Resource]) -> Iterator[Block]:
    inputs = resource.inputs
    replicas = children(resource, resources, "azure-native:containerregistry:Replication", "registryName")
    retention = at(inputs, "policies.retentionPolicy")
    values = {
        "name": inputs.get("registryName"),
        "sku": at(inputs, "sku.name"),
        "admin_enabled": inputs.get("adminUserEnabled"),
        "anonymous_pull_enabled": inputs.get("anonymousPullEnabled"),
        "public_network_access_enabled": switched(inputs.get("publicNetworkAccess")),
        "zone_redundancy_enabled": switched(inputs.get("zoneRedundancy")),
        "data_endpoint_enabled": inputs.get("dataEndpointEnabled"),
        "quarantine_policy_enabled": switched(at(inputs, "policies.quarantinePolicy.status")),
        "trust_policy_enabled": switched(at(inputs, "policies.trustPolicy.status")),
        "retention_policy_in_days": at(retention, "days") if switched(at(retention, "status")) else None,
        "georeplications": [
            {
                "location": one.inputs.get("location"),
                "zone_redundancy_enabled": switched(one.inputs.get("zoneRedundancy")),
            }
            for one in replicas
        ]
        or None,
    }
    yield block(resource, "azurerm_container_registry", values)


WRITERS: Mapping[str, Writer] = {"azure-native:containerregistry:Registry": _registry}
