"""Microsoft.Network flow logs of virtual networks. Their network watcher is Azure's own, one per region.

Microsoft, "Virtual network flow logs".
"""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import location, with_defaults
from shared.sandbox.catalog.azure_native.references import at, check_type
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import UNKNOWN, Properties

_TARGETS = (
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/virtualNetworks/subnets",
    "Microsoft.Network/networkInterfaces",
)
_ACCOUNT = "azure-native:storage:StorageAccount"
_NETWORK = "azure-native:network:VirtualNetwork"
_INTERVALS = (10, 60)


def _check(request: Request) -> None:
    # Azure takes no new flow logs of security groups since 2025-06-30.
    check_type(request.inputs.get("targetResourceId"), _TARGETS, "targetResourceId")
    check_type(request.inputs.get("storageId"), ["Microsoft.Storage/storageAccounts"], "storageId")
    account = request.existing.find(request.text("storageId"), _ACCOUNT)
    if account and account.outputs.get("location") != location(request):
        raise CloudError("BadRequest", "A flow log's storage account lies in the region of its network.")
    if account and str(at(account.inputs, "sku.name")).startswith("Premium"):
        raise CloudError("BadRequest", "A flow log's storage account is a standard one.")
    _check_analytics(request)


def _check_analytics(request: Request) -> None:
    analytics = at(request.inputs, "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration")
    if not analytics or not at(analytics, "enabled"):
        return
    workspace = at(analytics, "workspaceResourceId")
    check_type(workspace, ["Microsoft.OperationalInsights/workspaces"], "workspaceResourceId")
    if at(analytics, "trafficAnalyticsInterval") not in (None, *_INTERVALS):
        raise CloudError("BadRequest", f"trafficAnalyticsInterval is one of {_INTERVALS}.")


def _outputs(request: Request) -> Properties:
    target = request.existing.find(request.text("targetResourceId"), _NETWORK)
    return {
        "enabled": request.inputs.get("enabled", True),
        "format": with_defaults(request.inputs.get("format"), type="JSON", version=0),
        "retentionPolicy": with_defaults(request.inputs.get("retentionPolicy"), days=0, enabled=False),
        "targetResourceGuid": target.outputs.get("resourceGuid") if target else UNKNOWN,
    }


MODELS = (
    arm(
        "network:FlowLog",
        "Microsoft.Network/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}",
        api_version="2024-05-01",
        properties="enabled enabledFilteringCriteria flowAnalyticsConfiguration format id identity location"
        " retentionPolicy storageId tags targetResourceId",
        required="storageId targetResourceId",
        name=NameRule(property="flowLogName", pattern=r"(?=.{1,80}$)[a-zA-Z0-9]([\w.-]*\w)?"),
        check=_check,
        standard="etag provisioningState",
        outputs=_outputs,
        write_only="id",
    ),
)
