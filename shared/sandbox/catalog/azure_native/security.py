"""Microsoft.Security: Defender for Storage, an extension of one account."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import extended, with_defaults
from shared.sandbox.catalog.azure_native.references import at, check_type
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties, is_mapping

_LEAST_CAP_GB = 10
_DONE = {"code": "Succeeded", "message": ""}


def _check(request: Request) -> None:
    check_type(request.inputs.get("resourceId"), ["Microsoft.Storage/storageAccounts"], "resourceId")
    cap = at(request.inputs, "properties.malwareScanning.onUpload.capGBPerMonth")
    if isinstance(cap, int) and cap != -1 and cap < _LEAST_CAP_GB:
        raise CloudError("BadRequest", f"capGBPerMonth is -1 or at least {_LEAST_CAP_GB}, not {cap}.")


def _outputs(request: Request) -> Properties:
    said = with_defaults(request.inputs.get("properties"), isEnabled=False)
    if not is_mapping(said):
        return {"properties": said}
    parts = ("malwareScanning", "sensitiveDataDiscovery")
    done = {part: extended(said[part], operationStatus=_DONE) for part in parts if part in said}
    return {"properties": {**said, **done}}


MODELS = (
    arm(
        "security:DefenderForStorage",
        "{resourceId}/providers/Microsoft.Security/defenderForStorageSettings/{settingName}",
        api_version="2024-10-01-preview",
        properties="properties",
        required="properties",
        name=NameRule(property="settingName", pattern="current"),
        check=_check,
        outputs=_outputs,
    ),
)
