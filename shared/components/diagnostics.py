"""Logs and metrics of a resource go to Log Analytics."""

import pulumi
from pulumi_azure_native import monitor


def send_logs(
    name: str, *, resource_id: pulumi.Input[str], log_analytics_id: pulumi.Input[str], logs: str = "audit"
) -> monitor.DiagnosticSetting:
    """Send one category group of a resource's logs ("audit" or "allLogs") and all its metrics to Log Analytics.

    name: the resource's logical name.
    """
    return monitor.DiagnosticSetting(
        f"{name}-logs",
        name="to-log-analytics",
        resource_uri=resource_id,
        workspace_id=log_analytics_id,
        logs=[monitor.DiagnosticsLogSettingsArgs(category_group=logs, enabled=True)],
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)],
    )
