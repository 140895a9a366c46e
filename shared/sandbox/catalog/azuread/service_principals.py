"""Service principals of Entra, and the roles of applications that they and groups are given."""

import base64
import hashlib

from shared.sandbox.catalog.azuread.app_roles import assignment_outputs, check_assignment
from shared.sandbox.catalog.azuread.applications import role_ids, uris_of
from shared.sandbox.catalog.azuread.graph import APPLICATION, check_principals, entra, object_id
from shared.sandbox.catalog.azuread.microsoft_graph import CLIENT_ID, object_id_of_graph
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties

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


def _principal_id(request: Request) -> str:
    known = request.text("clientId") == CLIENT_ID
    return f"/servicePrincipals/{object_id_of_graph(request.cloud) if known else request.guid('service principal')}"


MODELS = (
    entra(
        "servicePrincipal:ServicePrincipal",
        properties="accountEnabled alternativeNames appRoleAssignmentRequired description featureTags features"
        " loginUrl notes notificationEmailAddresses owners preferredSingleSignOnMode samlSingleSignOn tags"
        " useExisting",
        required="clientId",
        make_id=_principal_id,
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
        check=check_assignment,
        outputs=assignment_outputs,
        replace_on="appRoleId principalObjectId resourceObjectId",
    ),
)
