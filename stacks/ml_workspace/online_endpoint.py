"""Where models answer."""

import pulumi
from pulumi_azure_native import machinelearningservices

from shared.components import azure_role as role
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def online_endpoint(
    env: Environment,
    identity: IdentityOutputs,
    workspace: machinelearningservices.Workspace,
    access: RoleAssignments,
) -> machinelearningservices.OnlineEndpoint:
    """Return the endpoint. It takes Entra tokens, no keys; who is in the group scoring_clients may call it."""
    endpoint = machinelearningservices.OnlineEndpoint(
        "scoring",
        endpoint_name=Names(env).of("online_endpoint"),
        workspace_name=workspace.name,
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        kind="Managed",
        identity=machinelearningservices.ManagedServiceIdentityArgs(
            type="UserAssigned", user_assigned_identities=[identity.identity_ids["endpoint"]]
        ),
        properties=machinelearningservices.OnlineEndpointPropertiesArgs(
            auth_mode="AADToken", public_network_access="Disabled" if env.private_endpoints else "Enabled"
        ),
        tags=tags(env, "ml_workspace"),
        # Which deployment gets the traffic is decided when a model is released, not here.
        opts=pulumi.ResourceOptions(depends_on=[access], ignore_changes=["properties.traffic"]),
    )
    RoleAssignments(
        "scoring",
        environment=env,
        scope=endpoint.id,
        grants=[Grant.to_group(identity, "scoring_clients", role.endpoint_scorer(env))],
    )
    return endpoint
