"""Microsoft.OperationalInsights: Log Analytics."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import created_text, extended, with_defaults
from shared.sandbox.catalog.azure_native.references import at
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

_FREE = {"free", "lacluster"}
_LEAST_DAYS, _MOST_DAYS = 30, 730


def _check(request: Request) -> None:
    days, sku = request.inputs.get("retentionInDays"), str(at(request.inputs, "sku.name")).lower()
    if isinstance(days, int) and sku not in _FREE and not _LEAST_DAYS <= days <= _MOST_DAYS:
        raise CloudError(
            "InvalidParameter", f"'RetentionInDays' must be between {_LEAST_DAYS} and {_MOST_DAYS}, not {days}."
        )


def _outputs(request: Request) -> Properties:
    when = created_text(request)
    features = with_defaults(
        request.inputs.get("features"), enableLogAccessUsingOnlyResourcePermissions=True, disableLocalAuth=False
    )
    capping = with_defaults(request.inputs.get("workspaceCapping"), dailyQuotaGb=-1)
    return {
        "customerId": request.guid("customer"),
        "createdDate": when,
        "modifiedDate": when,
        "features": extended(features, unifiedSentinelBillingOnly=False),
        "privateLinkScopedResources": [],
        "publicNetworkAccessForIngestion": request.text("publicNetworkAccessForIngestion", "Enabled"),
        "publicNetworkAccessForQuery": request.text("publicNetworkAccessForQuery", "Enabled"),
        "retentionInDays": request.inputs.get("retentionInDays", _LEAST_DAYS),
        "sku": extended(with_defaults(request.inputs.get("sku"), name="PerGB2018"), lastSkuUpdate=when),
        "workspaceCapping": extended(capping, quotaNextResetTime=when, dataIngestionStatus="RespectQuota"),
    }


MODELS = (
    arm(
        "operationalinsights:Workspace",
        "Microsoft.OperationalInsights/workspaces/{workspaceName}",
        api_version="2023-09-01",
        properties="defaultDataCollectionRuleResourceId features forceCmkForQuery identity location"
        " publicNetworkAccessForIngestion publicNetworkAccessForQuery retentionInDays sku tags workspaceCapping",
        required="location",
        name=NameRule(property="workspaceName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]"),
        check=_check,
        standard="etag provisioningState systemData",
        outputs=_outputs,
        replace_on="location",
    ),
)
