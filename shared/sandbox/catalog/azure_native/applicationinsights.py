"""Microsoft.Insights components: Application Insights."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import created_text, location
from shared.sandbox.catalog.azure_native.references import check_type
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties


def _check(request: Request) -> None:
    if not request.inputs.get("workspaceResourceId"):
        raise CloudError("BadRequest", "Creating classic Application Insights is retired: set WorkspaceResourceId.")
    kinds = ["Microsoft.OperationalInsights/workspaces"]
    check_type(request.inputs.get("workspaceResourceId"), kinds, "workspaceResourceId")


def _outputs(request: Request) -> Properties:
    app, key, place, when = request.guid("app"), request.guid("key"), location(request), created_text(request)
    connection = {
        "InstrumentationKey": key,
        "IngestionEndpoint": f"https://{place}-0.in.applicationinsights.azure.com/",
        "LiveEndpoint": f"https://{place}.livediagnostics.monitor.azure.com/",
        "ApplicationId": app,
    }
    return {
        "appId": app,
        "applicationId": request.inputs.get("resourceName"),
        "connectionString": ";".join(f"{name}={value}" for name, value in connection.items()),
        "creationDate": when,
        "flowType": request.text("flowType", "Bluefield"),
        "ingestionMode": request.text("ingestionMode", "LogAnalytics"),
        "instrumentationKey": key,
        "laMigrationDate": when,
        "privateLinkScopedResources": [],
        "publicNetworkAccessForIngestion": request.text("publicNetworkAccessForIngestion", "Enabled"),
        "publicNetworkAccessForQuery": request.text("publicNetworkAccessForQuery", "Enabled"),
        "requestSource": request.text("requestSource", "rest"),
        "retentionInDays": request.inputs.get("retentionInDays", 90),
        "tenantId": request.cloud.tenant_id,
    }


MODELS = (
    arm(
        "applicationinsights:Component",
        "Microsoft.Insights/components/{resourceName}",
        api_version="2020-02-02",
        properties="applicationType kind disableIpMasking disableLocalAuth flowType forceCustomerStorageForProfiler"
        " hockeyAppId immediatePurgeDataOn30Days ingestionMode location publicNetworkAccessForIngestion"
        " publicNetworkAccessForQuery requestSource retentionInDays samplingPercentage tags workspaceResourceId",
        required="applicationType kind location",
        name=NameRule(property="resourceName", pattern=r"[\w().-]{0,259}[\w()-]"),
        check=_check,
        standard="etag provisioningState",
        outputs=_outputs,
        replace_on="location",
    ),
)
