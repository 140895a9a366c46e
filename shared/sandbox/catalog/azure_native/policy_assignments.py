"""Policy assignments: which are refused. What an assigned policy refuses is said in policy_enforcement."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.built_in_policies import BUILT_IN_POLICIES
from shared.sandbox.catalog.azure_native.policy_enforcement import ASSIGNMENT, given_values
from shared.sandbox.catalog.azure_native.references import name_in
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

_MODES = ("Default", "DoNotEnforce", "Enroll")
# Azure, "Naming rules and restrictions for Azure resources": policyAssignments.
_NAME = r"[^<>*%&:\\?.+/\x00-\x1f]{0,63}[^<>*%&:\\?.+/ \x00-\x1f]"
_MANAGEMENT_GROUP = "/providers/microsoft.management/managementgroups/"
_MANAGEMENT_GROUP_LIMIT = 24


def _check(request: Request) -> None:
    name = request.text("policyAssignmentName")
    at_management_group = request.text("scope").lower().startswith(_MANAGEMENT_GROUP)
    if at_management_group and len(name) > _MANAGEMENT_GROUP_LIMIT:
        problem = f"The policy assignment name '{name}' is invalid. The length must not exceed '24' characters."
        raise CloudError("InvalidPolicyAssignmentName", problem)
    mode = request.text("enforcementMode", "Default")
    if mode not in _MODES:
        raise CloudError("InvalidPolicyAssignment", f"enforcementMode is one of {', '.join(_MODES)}, not '{mode}'.")
    _check_parameters(request)


def _check_parameters(request: Request) -> None:
    definition_id = request.text("policyDefinitionId")
    guid = name_in(definition_id).lower()
    definition = BUILT_IN_POLICIES.get(guid)
    if "/policydefinitions/" not in definition_id.lower():
        problem = f"'{definition_id}' is not the id of a policy definition."
        raise CloudError("InvalidPolicyDefinitionReference", problem)
    if definition is None or definition_id != f"/providers/Microsoft.Authorization/policyDefinitions/{guid}":
        raise CloudError("PolicyDefinitionNotFound", f"The policy definition '{definition_id}' could not be found.")
    for name, value in given_values(request.inputs).items():
        allowed = definition.parameters.get(name)
        if allowed is None:
            problem = f"The policy assignment '{request.text('policyAssignmentName')}' has the parameter '{name}'"
            raise CloudError("UndefinedPolicyParameter", f"{problem}, which is not defined in '{definition_id}'.")
        if value not in allowed:
            problem = f"The value '{value}' is not allowed for policy parameter '{name}' in policy definition '{guid}'"
            said = f"{problem}. The allowed values are '{', '.join(allowed)}'."
            raise CloudError("PolicyParameterValueNotAllowed", said)


def _outputs(request: Request) -> Properties:
    version = request.text("definitionVersion") or "1.*.*"
    return {
        "scope": request.inputs.get("scope"),
        "instanceId": request.guid("instance"),
        "effectiveDefinitionVersion": version.replace("*", "0"),
        "latestDefinitionVersion": version.replace("*", "0"),
        "enforcementMode": request.text("enforcementMode", "Default"),
    }


MODELS = (
    arm(
        ASSIGNMENT.partition(":")[2],
        "{scope}/providers/Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
        api_version="2025-01-01",
        properties="assignmentType definitionVersion description displayName enforcementMode identity location"
        " metadata nonComplianceMessages notScopes overrides parameters policyDefinitionId resourceSelectors",
        required="policyDefinitionId",
        name=NameRule(property="policyAssignmentName", pattern=_NAME, code="InvalidPolicyAssignmentName"),
        check=_check,
        standard="systemData",
        outputs=_outputs,
    ),
)
