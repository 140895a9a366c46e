"""Service principals of Entra, and the roles of applications that they and groups are given."""

import base64
import hashlib

from shared.sandbox.catalog.azuread.applications import role_ids, uris_of
from shared.sandbox.catalog.azuread.graph import (
    APPLICATION,
    GROUP,
    SERVICE_PRINCIPAL,
    check_principals,
    entra,
    find_object,
    not_found,
    object_id,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties

_DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"
_FEATURES = {"customSingleSignOnApp": False, "enterpriseApplication": False, "galleryApplication": False}
_TAGS = {"customSingleSignOn": False, "enterprise": False, "gallery": False, "hide": False}


def _application_of(request: Request) -> Record | None:
    client = request.text("clientId")
    applications = request.existing.of_type(APPLICATION)
    return next((record for record in applications if record.outputs["clientId"] == client), None)


def _check_principal(request: Request) -> None:
    # With useExisting the client id may be that of an application of Microsoft's, which has a principal everywhere.
    if _application_of(request) is None and request.inputs.get("useExisting") is not True:
        problem = f"The appId '{request.text('clientId')}' of the service principal does not reference a valid"
        raise CloudError("NoBackingApplicationObject", f"{problem} application object.")
    check_principals(request, ["owners"])


def _principal_outputs(request: Request) -> Properties:
    application = _application_of(request)
    said: Properties = application.inputs if application else {}
    web: Properties = said.get("web") or {}
    roles: list[Json] = said.get("appRoles") or []
    scopes: list[Json] = (said.get("api") or {}).get("oauth2PermissionScopes") or []
    return {
        "appRoleIds": role_ids(roles),
        "appRoles": roles,
        "applicationTenantId": request.cloud.tenant_id,
        "displayName": str(said.get("displayName") or ""),
        "homepageUrl": str(web.get("homepageUrl") or ""),
        "logoutUrl": str(web.get("logoutUrl") or ""),
        "oauth2PermissionScopeIds": role_ids(scopes),
        "oauth2PermissionScopes": scopes,
        "objectId": object_id(request.id),
        "redirectUris": web.get("redirectUris") or [],
        "samlMetadataUrl": "",
        "servicePrincipalNames": uris_of(request, application) if application else [],
        "signInAudience": str(said.get("signInAudience") or "AzureADMyOrg"),
        "type": "Application",
    }


def _assignment_id(request: Request) -> str:
    triple = "/".join(request.text(key) for key in ("appRoleId", "principalObjectId", "resourceObjectId"))
    name = base64.urlsafe_b64encode(hashlib.sha256(triple.encode()).digest()).decode().rstrip("=")
    return f"/servicePrincipals/{request.text('resourceObjectId')}/appRoleAssignedTo/{name}"


def _resource_of(request: Request) -> Record | None:
    found = find_object(request, request.text("resourceObjectId"))
    return found if found and found.token == SERVICE_PRINCIPAL else None


def _check_assignment(request: Request) -> None:
    resource = _resource_of(request)
    if resource is None:
        raise not_found(request.text("resourceObjectId"))
    if find_object(request, request.text("principalObjectId")) is None:
        raise not_found(request.text("principalObjectId"))
    role = request.text("appRoleId")
    if role != _DEFAULT_ROLE and role not in _role_ids_now(request, resource):
        problem = f"Permission being assigned was not found on application '{resource.inputs['clientId']}'"
        raise CloudError("Request_BadRequest", problem)


def _role_ids_now(request: Request, resource: Record) -> set[str]:
    """Return the ids of the roles that the application of a service principal has now."""
    client = resource.inputs["clientId"]
    applications = [one for one in request.existing.of_type(APPLICATION) if one.outputs["clientId"] == client]
    return {str(role["id"]) for one in applications for role in one.inputs.get("appRoles") or []}


def _assignment_outputs(request: Request) -> Properties:
    principal = find_object(request, request.text("principalObjectId"))
    resource = _resource_of(request)
    return {
        "principalDisplayName": str(principal.outputs.get("displayName") or "") if principal else "",
        "principalType": "Group" if principal and principal.token == GROUP else "ServicePrincipal",
        "resourceDisplayName": str(resource.outputs["displayName"]) if resource else "",
    }


MODELS = (
    entra(
        "servicePrincipal:ServicePrincipal",
        properties="accountEnabled alternativeNames appRoleAssignmentRequired description featureTags features"
        " loginUrl notes notificationEmailAddresses owners preferredSingleSignOnMode samlSingleSignOn tags"
        " useExisting",
        required="clientId",
        make_id=lambda request: f"/servicePrincipals/{request.guid('service principal')}",
        unique=lambda request: f"service principal of application {request.text('clientId').lower()}",
        check=_check_principal,
        defaults={
            "accountEnabled": True,
            "appRoleAssignmentRequired": False,
            "featureTags": [_TAGS],
            "features": [{**_FEATURES, "visibleToUsers": True}],
            "tags": [],
            "useExisting": False,
        },
        outputs=_principal_outputs,
        replace_on="clientId useExisting",
    ),
    entra(
        "appRoleAssignment:AppRoleAssignment",
        required="appRoleId principalObjectId resourceObjectId",
        make_id=_assignment_id,
        taken_code="InvalidUpdate",
        check=_check_assignment,
        outputs=_assignment_outputs,
        replace_on="appRoleId principalObjectId resourceObjectId",
    ),
)
