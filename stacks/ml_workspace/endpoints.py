"""Private ways into the workspace (studio, API and online endpoints), the registry and the configuration."""

from collections.abc import Collection

import pulumi
from pulumi_azure_native import appconfiguration, containerregistry, machinelearningservices

from shared.components.private_endpoint import PrivateEndpoint
from shared.components.private_link import Group
from shared.contracts import IdentityOutputs, NetworkStorageOutputs
from shared.environment import Environment
from shared.tags import tags


def private_endpoints(
    env: Environment,
    identity: IdentityOutputs,
    network_storage: NetworkStorageOutputs,
    *,
    workspace: machinelearningservices.Workspace,
    registry: containerregistry.Registry,
    store: appconfiguration.ConfigurationStore,
    replicas: Collection[appconfiguration.Replica],
) -> None:
    """Make one private endpoint for each. The store's has an address for each replica, so it comes after them."""
    targets: dict[str, tuple[Group, pulumi.CustomResource]] = {
        "workspace": ("amlworkspace", workspace),
        "registry": ("registry", registry),
        "configuration": ("configurationStores", store),
    }
    for purpose, (group, target) in targets.items():
        PrivateEndpoint(
            purpose,
            environment=env,
            resource_group_name=identity.resource_group_name,
            subnet_id=network_storage.subnet_ids["private_endpoints"],
            target_id=target.id,
            group=group,
            zone_ids=network_storage.dns_zone_ids,
            tags=tags(env, "ml_workspace"),
            after=list(replicas) if target is store else [],
        )
