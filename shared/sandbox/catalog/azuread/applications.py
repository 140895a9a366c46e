"""Applications of Entra, their identifier URIs and their federated credentials."""

import base64

from shared.sandbox.catalog.azuread.graph import (
    APPLICATION,
    check_principals,
    duplicate_name,
    entra,
    not_found,
    object_id,
)
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import UNKNOWN, Json, Properties

IDENTIFIER_URI = "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri"
_CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
_CREDENTIAL_LIMIT = (
    20  # Microsoft Entra, "Important considerations and restrictions for federated identity credentials"
)
_PERSONAL_TOKENS = 2  # version of access tokens that personal accounts need
_FEATURES = {"customSingleSignOn": False, "enterprise": False, "gallery": False, "hide": False}


def uris_of(request: Request, application: Record) -> list[str]:
    """Return the identifier URIs of an application: its own, and those that are resources of their own."""
    separate = [
        record.inputs["identifierUri"]
        for record in request.existing.of_type(IDENTIFIER_URI)
        if record.inputs.get("applicationId") == application.id
    ]
    return sorted({*(application.inputs.get("identifierUris") or []), *separate})


def role_ids(application_roles: Json) -> dict[str, str]:
    """Return the ids of application roles or permission scopes by their values."""
    return {str(role["value"]): str(role["id"]) for role in application_roles or [] if role.get("value")}


def _application(request: Request) -> Record:
    found = request.existing.find(request.text("applicationId"), APPLICATION)
    if found is None:
        raise not_found(object_id(request.text("applicationId")))
    return found


def _check_application(request: Request) -> None:
    if request.inputs.get("password") is not None:
        problem = "the sandbox gives applications no passwords; use a federated identity credential"
        raise CloudError("NotModelled", problem)
    check_principals(request, ["owners"])
    if request.inputs.get("preventDuplicateNames") is True:
        for other in request.existing.of_type(APPLICATION):
            if other.id != request.id and other.inputs["displayName"] == request.text("displayName"):
                raise duplicate_name("application", request)
    roles = request.inputs.get("appRoles") or []
    for key in ("id", "value"):
        values = [role.get(key) for role in roles if role.get(key)]
        if len(set(values)) != len(values):
            raise CloudError("Request_BadRequest", f"Property appRoles.{key} has duplicate values.")
    for uri in request.inputs.get("identifierUris") or []:
        _check_uri(request, str(uri), request.guid("client"))
    version = (request.inputs.get("api") or {}).get("requestedAccessTokenVersion")
    if request.text("signInAudience").endswith("PersonalMicrosoftAccount") and version != _PERSONAL_TOKENS:
        raise CloudError("InvalidConfiguration", "requestedAccessTokenVersion must be 2 for personal accounts")


def _check_uri(request: Request, uri: str, client_id: str) -> None:
    """Demand a URI with the id of the application or tenant (Entra, "Restrictions on identifier URIs")."""
    if not uri.startswith("api://") or not any(part in uri for part in (client_id, request.cloud.tenant_id)):
        problem = "Values of identifierUris property must use a verified domain of the organization or its subdomain"
        raise CloudError("HostNameNotOnVerifiedDomain", f"{problem}: '{uri}'")


def _application_outputs(request: Request) -> Properties:
    api = request.inputs.get("api")
    scopes = api.get("oauth2PermissionScopes") if isinstance(api, dict) else None
    return {
        "clientId": request.guid("client"),
        "objectId": object_id(request.id),
        "appRoleIds": _known_ids(request.inputs.get("appRoles")),
        "oauth2PermissionScopeIds": _known_ids(scopes),
        "disabledByMicrosoft": "",
        "logoUrl": "",
        "publisherDomain": f"{request.cloud.tenant_id}.onmicrosoft.com",
    }


def _known_ids(roles: Json) -> dict[str, str]:
    return {} if roles == UNKNOWN else role_ids([role for role in roles or [] if isinstance(role, dict)])


def _check_identifier_uri(request: Request) -> None:
    application = _application(request)
    _check_uri(request, request.text("identifierUri"), str(application.outputs["clientId"]))


def _uri_id(request: Request) -> str:
    encoded = base64.b64encode(request.text("identifierUri").encode()).decode()
    return f"{request.text('applicationId')}/identifierUris/{encoded}"


def _credential_id(request: Request) -> str:
    return f"{object_id(request.text('applicationId'))}/federatedIdentityCredential/{request.guid('credential')}"


def _check_credential(request: Request) -> None:
    application = _application(request)
    if len(request.inputs.get("audiences") or []) != 1:
        raise CloudError("InvalidFederatedIdentityCredentialValue", "audiences must have exactly one value")
    others = [
        record
        for record in request.existing.of_type(_CREDENTIAL)
        if record.inputs["applicationId"] == application.id and record.id != request.id
    ]
    if len(others) >= _CREDENTIAL_LIMIT:
        problem = f"An application can have at most {_CREDENTIAL_LIMIT} federated identity credentials."
        raise CloudError("Request_BadRequest", problem)
    for other in others:
        if other.inputs["displayName"].lower() == request.text("displayName").lower():
            problem = f"FederatedIdentityCredential with name {request.text('displayName')} already exists."
            raise CloudError("Request_MultipleObjectsWithSameKeyValue", problem)
        if all(other.inputs[key] == request.text(key) for key in ("issuer", "subject")):
            said = f"Issuer {request.text('issuer')} and Subject: {request.text('subject')} already exist."
            problem = f"The combination of issuer and subject must be unique for the application. {said}"
            raise CloudError("InvalidFederatedIdentityCredentialValue", problem)


MODELS = (
    entra(
        "application:Application",
        properties="api appRoles description deviceOnlyAuthEnabled fallbackPublicClientEnabled featureTags"
        " groupMembershipClaims identifierUris logoImage marketingUrl notes oauth2PostResponseRequired optionalClaims"
        " owners password preventDuplicateNames privacyStatementUrl publicClient requiredResourceAccesses"
        " serviceManagementReference signInAudience singlePageApplication supportUrl tags templateId"
        " termsOfServiceUrl web",
        required="displayName",
        make_id=lambda request: f"/applications/{request.guid('application')}",
        check=_check_application,
        defaults={
            "deviceOnlyAuthEnabled": False,
            "fallbackPublicClientEnabled": False,
            "featureTags": [_FEATURES],
            "oauth2PostResponseRequired": False,
            "preventDuplicateNames": False,
            "signInAudience": "AzureADMyOrg",
            "tags": [],
            "templateId": "",
        },
        outputs=_application_outputs,
        replace_on="templateId",
    ),
    entra(
        "applicationIdentifierUri:ApplicationIdentifierUri",
        required="applicationId identifierUri",
        make_id=_uri_id,
        unique=lambda request: f"identifier URI {request.text('identifierUri').lower()}",
        check=_check_identifier_uri,
        replace_on="applicationId identifierUri",
    ),
    entra(
        "applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
        properties="description",
        required="applicationId audiences displayName issuer subject",
        name=NameRule(property="displayName", pattern=r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}", code="Request_BadRequest"),
        make_id=_credential_id,
        check=_check_credential,
        outputs=lambda request: {"credentialId": object_id(request.id)},
        replace_on="applicationId displayName",
    ),
)
