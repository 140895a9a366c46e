"""Where logs go. It lives in this stack because every later one on Azure logs to it."""

from pulumi_azure_native import operationalinsights

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def log_analytics(env: Environment, identity: IdentityOutputs) -> operationalinsights.Workspace:
    """Return the Log Analytics workspace, which takes logs with Entra logins only."""
    cap = env.logs.daily_cap_gb
    return operationalinsights.Workspace(
        "logs",
        workspace_name=Names(env).of("log_analytics"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
        retention_in_days=env.logs.retention_days,
        workspace_capping=operationalinsights.WorkspaceCappingArgs(daily_quota_gb=cap) if cap else None,
        features=operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
        tags=tags(env, "key_vault"),
    )
