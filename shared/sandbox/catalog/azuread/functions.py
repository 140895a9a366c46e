"""What Entra answers about the login, and about service principals that exist."""

import uuid

from shared.sandbox.catalog.azuread.graph import SERVICE_PRINCIPAL, deployer
from shared.sandbox.catalog.azuread.microsoft_graph import CLIENT_ID, NAME, PERMISSIONS, object_id_of_graph
from shared.sandbox.errors import CloudError
from shared.sandbox.model import FunctionModel, Request
from shared.sandbox.wire import Properties

_ASKED_BY = ("clientId", "displayName", "objectId")


def _client(request: Request) -> Properties:
    client = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{request.cloud.tenant_id}/deployer's application"))
    who = deployer(request.cloud)
    return {
        "clientId": client,
        "objectId": who,
        "tenantId": request.cloud.tenant_id,
        "id": f"{request.cloud.tenant_id}-{client}-{who}",
    }


def _service_principal(request: Request) -> Properties:
    made = [_said(record.id, record.outputs) for record in request.existing.of_type(SERVICE_PRINCIPAL)]
    asked = {key: request.text(key) for key in _ASKED_BY if request.text(key)}
    found = [one for one in (_graph(request), *made) if all(one[key] == value for key, value in asked.items())]
    if len(asked) != 1 or not found:
        said = ", ".join(f"{key} '{value}'" for key, value in asked.items()) or "nothing"
        raise CloudError("Request_ResourceNotFound", f"No service principal was found for {said}.")
    return found[0]


def _graph(request: Request) -> Properties:
    """Return Graph's own principal, which no inventory has: it belongs to the tenant."""
    roles = [
        {
            "id": permission,
            "value": name,
            "displayName": name,
            "description": name,
            "enabled": True,
            "allowedMemberTypes": ["Application"],
        }
        for name, permission in PERMISSIONS.items()
    ]
    own = {
        "accountEnabled": True,
        "appRoleIds": PERMISSIONS,
        "appRoles": roles,
        "applicationTenantId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a",  # Microsoft's own tenant
        "clientId": CLIENT_ID,
        "displayName": NAME,
        "objectId": object_id_of_graph(request.cloud),
        "servicePrincipalNames": [CLIENT_ID, "https://graph.microsoft.com"],
        "signInAudience": "AzureADMultipleOrgs",
        "type": "Application",
    }
    return _said(f"/servicePrincipals/{object_id_of_graph(request.cloud)}", own)


def _said(resource_id: str, known: Properties) -> Properties:
    """Return all that the provider says of a principal. known: outputs that it has."""
    empty: Properties = {
        **dict.fromkeys(("description", "homepageUrl", "loginUrl", "logoutUrl", "notes", "samlMetadataUrl"), ""),
        "preferredSingleSignOnMode": "",
        "appRoleAssignmentRequired": False,
        "appRoleIds": {},
        "oauth2PermissionScopeIds": {},
        **{
            key: []
            for key in (
                *("alternativeNames", "appRoles", "featureTags", "features", "notificationEmailAddresses"),
                *("oauth2PermissionScopes", "redirectUris", "samlSingleSignOns", "servicePrincipalNames", "tags"),
            )
        },
    }
    inputs_only = {"owners", "samlSingleSignOn", "useExisting"}
    return {**empty, **{key: value for key, value in known.items() if key not in inputs_only}, "id": resource_id}


_CLIENT = "azuread:index/getClientConfig:getClientConfig"
_PRINCIPAL = "azuread:index/getServicePrincipal:getServicePrincipal"
FUNCTIONS = {
    _CLIENT: FunctionModel(token=_CLIENT, properties=frozenset(), result=_client),
    _PRINCIPAL: FunctionModel(token=_PRINCIPAL, properties=frozenset(_ASKED_BY), result=_service_principal),
}
