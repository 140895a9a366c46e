"""Microsoft.Authorization: who may do what where, and locks."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.built_in_roles import BUILT_IN_ROLES
from shared.sandbox.catalog.azure_native.computed import created_text, deployer_id
from shared.sandbox.catalog.azure_native.principals import check_principal
from shared.sandbox.catalog.azure_native.references import before, name_in
from shared.sandbox.errors import CloudError
from shared.sandbox.model import FunctionModel, NameRule, Request
from shared.sandbox.wire import Properties

_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ASSIGNMENT = "authorization:RoleAssignment"
_DEFINITION = "authorization:RoleDefinition"
_CLIENT_CONFIG = "azure-native:authorization:getClientConfig"
_LEVELS = ("CanNotDelete", "ReadOnly")


def _authors(request: Request) -> Properties:
    when, who = created_text(request), deployer_id(request.cloud)
    return {"createdBy": who, "createdOn": when, "updatedBy": who, "updatedOn": when}


def _check_role(request: Request) -> None:
    """Raise CloudError where the role of an assignment is neither built in nor in the inventory."""
    role = name_in(request.text("roleDefinitionId")).lower()
    custom = {name_in(record.id).lower() for record in request.existing.of_type(f"azure-native:{_DEFINITION}")}
    if role not in BUILT_IN_ROLES and role not in custom:
        raise CloudError(
            "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{role}' does not exist."
        )


def _grant(inputs: Properties) -> tuple[str, str, str]:
    """Return what makes an assignment unique: scope, principal and role."""
    scope, principal = (str(inputs.get(key)).strip("/").lower() for key in ("scope", "principalId"))
    return scope, principal, name_in(str(inputs.get("roleDefinitionId"))).lower()


def _check_assignment(request: Request) -> None:
    _check_role(request)
    check_principal(request, request.text("principalId"))
    old = before(request)
    if old and _grant(old.inputs) != _grant(request.inputs):
        raise CloudError(
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated, nor is the role.",
        )
    for record in request.existing.of_type(f"azure-native:{_ASSIGNMENT}"):
        if record.id.lower() != request.id.lower() and _grant(record.inputs) == _grant(request.inputs):
            raise CloudError("RoleAssignmentExists", f"The role assignment already exists: {record.id}")
    if bool(request.text("condition")) != bool(request.text("conditionVersion")):
        raise CloudError("InvalidRoleAssignmentCondition", "condition and conditionVersion ('2.0') go together.")


def _check_definition(request: Request) -> None:
    scopes = request.inputs.get("assignableScopes")
    if not scopes:
        raise CloudError("MissingAssignableScopes", "The role definition must have at least one assignable scope.")
    for record in request.existing.of_type(f"azure-native:{_DEFINITION}"):
        same = record.inputs.get("roleName") == request.inputs.get("roleName")
        if same and name_in(record.id).lower() != name_in(request.id).lower():
            name = request.text("roleName")
            raise CloudError(
                "RoleDefinitionWithSameNameExists", f"A custom role with the name '{name}' already exists."
            )


def _check_not_assigned(request: Request) -> None:
    role = name_in(request.id).lower()
    for record in request.existing.of_type(f"azure-native:{_ASSIGNMENT}"):
        if name_in(str(record.inputs.get("roleDefinitionId"))).lower() == role:
            raise CloudError(
                "RoleDefinitionHasAssignments", f"There are existing role assignments referencing role: {record.id}"
            )


def _check_lock(request: Request) -> None:
    if request.text("level") not in _LEVELS:
        raise CloudError("InvalidLockLevel", f"level is one of {', '.join(_LEVELS)}, not '{request.text('level')}'.")


MODELS = (
    arm(
        _ASSIGNMENT,
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        api_version="2022-04-01",
        properties="principalId roleDefinitionId condition conditionVersion delegatedManagedIdentityResourceId"
        " description principalType",
        required="principalId roleDefinitionId",
        name=NameRule(property="roleAssignmentName", pattern=_GUID, code="InvalidRoleAssignmentId"),
        exists_code="RoleAssignmentExists",
        check=_check_assignment,
        standard="systemData",
        outputs=lambda request: {**_authors(request), "scope": request.inputs.get("scope")},
        replace_on="principalId",
    ),
    arm(
        _DEFINITION,
        "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        api_version="2022-05-01-preview",
        properties="assignableScopes description permissions roleName roleType",
        required="assignableScopes roleName permissions",
        name=NameRule(property="roleDefinitionId", pattern=_GUID, code="InvalidRoleDefinitionId"),
        exists_code="RoleDefinitionExists",
        check=_check_definition,
        check_delete=_check_not_assigned,
        standard="systemData",
        outputs=lambda request: {**_authors(request), "roleType": "CustomRole"},
    ),
    arm(
        "authorization:ManagementLockByScope",
        "{scope}/providers/Microsoft.Authorization/locks/{lockName}",
        api_version="2020-05-01",
        properties="level notes owners",
        required="level",
        name=NameRule(property="lockName", pattern=r"[^<>%&:\\?/]{1,260}", code="InvalidLockName"),
        check=_check_lock,
        standard="systemData",
    ),
)

FUNCTIONS = (
    FunctionModel(
        token=_CLIENT_CONFIG,
        properties=frozenset(),
        result=lambda request: {
            "clientId": request.guid("deployer"),
            "objectId": deployer_id(request.cloud),
            "subscriptionId": request.cloud.subscription_id,
            "tenantId": request.cloud.tenant_id,
        },
    ),
)
