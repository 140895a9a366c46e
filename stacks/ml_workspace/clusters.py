"""Compute clusters: one for training, one that builds images. Both cost nothing while nothing runs."""

from typing import Final

import pulumi
from pulumi_azure_native import machinelearningservices

from shared.components.compute_placement import compute_has_public_address, compute_in_our_subnet
from shared.components.role_assignments import RoleAssignments
from shared.contracts import IdentityOutputs, NetworkStorageOutputs
from shared.environment import Environment
from shared.tags import tags

# Names are unique in the workspace only, and may have 16 characters. The workspace names the second one.
TRAINING: Final = "cpu-train"
IMAGE_BUILD: Final = "cpu-build"
_FIXED: Final = (
    "identity",
    "properties.disableLocalAuth",
    *(
        f"properties.properties.{key}"
        for key in ("enableNodePublicIp", "osType", "remoteLoginPortPublicAccess", "subnet", "vmPriority", "vmSize")
    ),
)


def clusters(
    env: Environment,
    identity: IdentityOutputs,
    network_storage: NetworkStorageOutputs,
    workspace: machinelearningservices.Workspace,
    access: RoleAssignments,
) -> dict[str, machinelearningservices.Compute]:
    """Return the clusters, by training and image_build. They run as the `compute` identity and take no log-ins."""

    def cluster(name: str, nodes: int, priority: str) -> machinelearningservices.Compute:
        return machinelearningservices.Compute(
            name,
            compute_name=name,
            workspace_name=workspace.name,
            resource_group_name=identity.resource_group_name,
            location=env.azure.location,
            identity=machinelearningservices.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[identity.identity_ids["compute"]]
            ),
            properties=machinelearningservices.AmlComputeArgs(
                compute_type="AmlCompute",
                compute_location=env.azure.location,
                disable_local_auth=True,
                properties=machinelearningservices.AmlComputePropertiesArgs(
                    os_type="Linux",
                    vm_size=env.ml_workspace.compute.vm_size,
                    vm_priority=priority,
                    enable_node_public_ip=compute_has_public_address(env),
                    remote_login_port_public_access="Disabled",
                    scale_settings=machinelearningservices.ScaleSettingsArgs(
                        min_node_count=0, max_node_count=nodes, node_idle_time_before_scale_down="PT120S"
                    ),
                    subnet=_subnet(env, network_storage),
                ),
            ),
            tags=tags(env, "ml_workspace"),
            # The service changes the number of nodes only; the provider does not know that. A cluster holds nothing.
            opts=pulumi.ResourceOptions(
                depends_on=[access], replace_on_changes=list(_FIXED), delete_before_replace=True
            ),
        )

    size = env.ml_workspace.compute
    return {
        "training": cluster(TRAINING, size.max_nodes, size.priority),
        "image_build": cluster(IMAGE_BUILD, 1, "Dedicated"),
    }


def _subnet(env: Environment, network_storage: NetworkStorageOutputs) -> machinelearningservices.ResourceIdArgs | None:
    if not compute_in_our_subnet(env):
        return None
    return machinelearningservices.ResourceIdArgs(id=network_storage.subnet_ids["training"])
