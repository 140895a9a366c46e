"""The resource group, the managed identities of the services, and the groups of people."""

from collections.abc import Sequence

import pulumi
import pulumi_azuread as entra
from pulumi_azure_native import managedidentity, resources

from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

IDENTITIES = ("cmk", "workspace", "compute", "endpoint", "watcher")
GROUPS = {
    "ml_admins": "Operates the ML platform: secrets, compute, configuration.",
    "data_scientists": "Trains models: data, experiments, deployments.",
    "scoring_clients": "Calls the online endpoint, nothing else.",
}


def resource_group(env: Environment) -> resources.ResourceGroup:
    """Return the group that every Azure resource of the environment lies in."""
    return resources.ResourceGroup(
        "main",
        resource_group_name=Names(env).of("resource_group"),
        location=env.azure.location,
        tags=tags(env, "identity"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )


def managed_identities(
    env: Environment, group: resources.ResourceGroup
) -> dict[str, managedidentity.UserAssignedIdentity]:
    """Return the services' identities. They exist before the services, so every role can be granted ahead."""
    return {
        name: managedidentity.UserAssignedIdentity(
            name,
            resource_name_=Names(env).of("managed_identity", name),
            resource_group_name=group.name,
            location=env.azure.location,
            tags=tags(env, "identity"),
        )
        for name in IDENTITIES
    }


def groups(env: Environment, owners: Sequence[pulumi.Input[str]]) -> dict[str, entra.Group]:
    """Return the groups of people. Who is in them is not decided here."""
    return {
        name: entra.Group(
            name.replace("_", "-"),
            display_name=Names(env).of("entra_group", name.replace("_", "-")),
            description=description,
            owners=owners,
            security_enabled=True,
            prevent_duplicate_names=True,
        )
        for name, description in GROUPS.items()
    }
