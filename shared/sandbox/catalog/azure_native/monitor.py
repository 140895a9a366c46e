"""Microsoft.Insights diagnostic settings."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import extended
from shared.sandbox.catalog.azure_native.references import check_type
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_SINKS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")


def _check(request: Request) -> None:
    if not any(request.inputs.get(sink) for sink in _SINKS):
        raise CloudError("BadRequest", "At least one data sink needs to be specified.")
    if not request.inputs.get("logs") and not request.inputs.get("metrics"):
        raise CloudError("BadRequest", "At least one of logs and metrics needs to be specified.")
    check_type(request.inputs.get("workspaceId"), ["Microsoft.OperationalInsights/workspaces"], "workspaceId")
    check_type(request.inputs.get("storageAccountId"), ["Microsoft.Storage/storageAccounts"], "storageAccountId")
    logs = request.inputs.get("logs")
    for log in logs if is_list(logs) else []:
        if is_mapping(log) and bool(log.get("category")) == bool(log.get("categoryGroup")):
            raise CloudError("BadRequest", "A log setting has either a category or a categoryGroup.")


def _settings(settings: Json) -> Json:
    """Return log or metric settings with the retention that Azure adds to each."""
    kept = {"days": 0, "enabled": False}
    return [extended(one, retentionPolicy=kept) for one in settings] if is_list(settings) else settings


def _outputs(request: Request) -> Properties:
    return {key: _settings(request.inputs[key]) for key in ("logs", "metrics") if key in request.inputs}


MODELS = (
    arm(
        "monitor:DiagnosticSetting",
        "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        api_version="2021-05-01-preview",
        properties="eventHubAuthorizationRuleId eventHubName logAnalyticsDestinationType logs marketplacePartnerId"
        " metrics serviceBusRuleId storageAccountId workspaceId",
        name=NameRule(property="name", pattern=r"[^*<>%&:\\?+/]{1,260}"),
        exists_code="Conflict",
        check=_check,
        standard="systemData",
        outputs=_outputs,
    ),
)
