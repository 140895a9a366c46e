"""Logs and metrics of a resource go to Log Analytics."""

import pulumi
from pulumi_azure_native import monitor

from shared.components import tokens


class DiagnosticLogs(pulumi.ComponentResource):
    """One category group of a resource's logs ("audit" or "allLogs") and all its metrics, in Log Analytics.

    name: the resource's logical name.
    """

    def __init__(
        self,
        name: str,
        *,
        resource_id: pulumi.Input[str],
        log_analytics_id: pulumi.Input[str],
        logs: str = "audit",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.DIAGNOSTIC_LOGS, name, {}, opts)
        monitor.DiagnosticSetting(
            f"{name}-logs",
            name="to-log-analytics",
            resource_uri=resource_id,
            workspace_id=log_analytics_id,
            logs=[monitor.DiagnosticsLogSettingsArgs(category_group=logs, enabled=True)],
            metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)],
            opts=pulumi.ResourceOptions(
                parent=self,
                # It was a root resource once. A new one under the same name would meet the old one.
                aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)],
            ),
        )
        self.register_outputs({})
