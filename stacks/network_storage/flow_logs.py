"""Which addresses talk to which: flow logs of the network, kept apart from the data that they watch over.

Microsoft, "Virtual network flow logs" and "Managed identity for virtual network flow logs"; docs/adr/0009 has the
reasons.
"""

import pulumi
from pulumi_azure_native import network, storage

from shared.components import azure_role as role
from shared.components.diagnostics import DiagnosticLogs
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.network_storage.closed_account import closed_account

# Azure makes one watcher per region with the first network there, under this name, and refuses a second one
# (NetworkWatcherCountLimitReached).
_WATCHER_GROUP = "NetworkWatcherRG"
_WATCHER = "NetworkWatcher_{location}"
_LEAST_DAYS, _MOST_DAYS = 90, 365
_CONTAINER_DAYS = 30


def flow_logs(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs, vnet: network.VirtualNetwork
) -> network.FlowLog | None:
    """Return the network's flow log where `env` asks for one. Its summaries go to Log Analytics every ten minutes.

    The raw logs have an account of their own: who may write data may not change what is logged about it.
    """
    if not env.logs.flow_logs:
        return None
    account = closed_account("flow-logs", env=env, identity=identity, key_vault=key_vault, purpose="flow")
    blobs = storage.BlobServiceProperties(
        "flow-log-blobs",
        blob_services_name="default",
        account_name=account.name,
        resource_group_name=identity.resource_group_name,
        # No versions and no recoverable blobs: every minute's write would leave one.
        container_delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=_CONTAINER_DAYS),
    )
    DiagnosticLogs("flow-log-blobs", resource_id=blobs.id, log_analytics_id=key_vault.log_analytics_id)
    writer = RoleAssignments(
        "flow-logs",
        environment=env,
        scope=account.id,
        grants=[Grant.to_identity(identity, "watcher", role.BLOB_DATA_CONTRIBUTOR)],
    )
    return network.FlowLog(
        "vnet",
        flow_log_name=Names(env).of("flow_log"),
        network_watcher_name=_WATCHER.format(location=env.azure.location),
        resource_group_name=_WATCHER_GROUP,
        location=env.azure.location,
        target_resource_id=vnet.id,
        storage_id=account.id,
        # The account takes no keys.
        identity=network.ManagedServiceIdentityArgs(
            type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.identity_ids["watcher"]]
        ),
        enabled=True,
        format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
        retention_policy=network.RetentionPolicyParametersArgs(enabled=True, days=kept_days(env.logs.retention_days)),
        flow_analytics_configuration=_analytics(env, key_vault),
        tags=tags(env, "network_storage"),
        opts=pulumi.ResourceOptions(depends_on=[writer]),
    )


def kept_days(asked: int) -> int:
    """Return how many days raw logs are kept where logs are kept for `asked` days: 90 (CIS) to 365 (Azure's limit)."""
    return min(max(asked, _LEAST_DAYS), _MOST_DAYS)


def _analytics(env: Environment, key_vault: KeyVaultOutputs) -> network.TrafficAnalyticsPropertiesArgs:
    return network.TrafficAnalyticsPropertiesArgs(
        network_watcher_flow_analytics_configuration=network.TrafficAnalyticsConfigurationPropertiesArgs(
            enabled=True,
            traffic_analytics_interval=10,
            workspace_region=env.azure.location,
            workspace_resource_id=key_vault.log_analytics_id,
        )
    )
