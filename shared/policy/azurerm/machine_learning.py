"""Workspaces and clusters of Azure Machine Learning."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block, inverted, nested, switched
from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block


def _workspace(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    inputs = resource.inputs
    values = {
        "name": inputs.get("workspaceName"),
        "storage_account_id": inputs.get("storageAccount"),
        "key_vault_id": inputs.get("keyVault"),
        "container_registry_id": inputs.get("containerRegistry"),
        "application_insights_id": inputs.get("applicationInsights"),
        "high_business_impact": inputs.get("hbiWorkspace"),
        "public_network_access_enabled": switched(inputs.get("publicNetworkAccess")),
    }
    yield block(resource, "azurerm_machine_learning_workspace", values)


def _cluster(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    properties = resource.inputs.get("properties")
    if at(properties, "computeType") != "AmlCompute":
        return
    scale = "properties.scaleSettings"
    values = {
        "name": resource.inputs.get("computeName"),
        "local_auth_enabled": inverted(at(properties, "disableLocalAuth")),
        "scale_settings": nested(
            {
                "min_node_count": at(properties, f"{scale}.minNodeCount"),
                "max_node_count": at(properties, f"{scale}.maxNodeCount"),
            }
        ),
    }
    yield block(resource, "azurerm_machine_learning_compute_cluster", values)


WRITERS: Mapping[str, Writer] = {
    "azure-native:machinelearningservices:Compute": _cluster,
    "azure-native:machinelearningservices:Workspace": _workspace,
}
