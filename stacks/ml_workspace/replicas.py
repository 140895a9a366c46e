"""App Configuration in further regions: each answers under a name of its own when the store's region does not."""

import pulumi
from pulumi_azure_native import appconfiguration

from shared.contracts import IdentityOutputs
from shared.environment import Environment


def configuration_replicas(
    env: Environment, identity: IdentityOutputs, store: appconfiguration.ConfigurationStore
) -> dict[str, appconfiguration.Replica]:
    """Return the replicas by region, one after the other: each one changes the store. They share its key-values."""
    replicas: dict[str, appconfiguration.Replica] = {}
    for region in env.ml_workspace.configuration_replicas:
        replicas[region] = appconfiguration.Replica(
            f"configuration-{region}",
            # Letters and digits only, as regions are.
            replica_name=region,
            config_store_name=store.name,
            resource_group_name=identity.resource_group_name,
            location=region,
            opts=pulumi.ResourceOptions(depends_on=list(replicas.values())),
        )
    return replicas
