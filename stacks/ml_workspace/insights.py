"""Where endpoints and jobs report how they fare."""

from pulumi_azure_native import applicationinsights

from shared.components import azure_role as role
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def application_insights(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs
) -> tuple[applicationinsights.Component, RoleAssignments]:
    """Return Application Insights, whose data is in Log Analytics, and what the workspace must wait for."""
    component = applicationinsights.Component(
        "insights",
        resource_name_=Names(env).of("application_insights"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        kind="web",
        application_type="web",
        ingestion_mode="LogAnalytics",
        workspace_resource_id=key_vault.log_analytics_id,
        tags=tags(env, "ml_workspace"),
    )
    access = RoleAssignments(
        "insights",
        environment=env,
        scope=component.id,
        grants=[Grant.to_identity(identity, "workspace", role.CONTRIBUTOR)],
    )
    return component, access
