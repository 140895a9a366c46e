"""Roles of applications, and who may be given one.

Microsoft Graph, "appRole resource type": a role is for users, which groups count as, for applications, or for both.
"""

from shared.sandbox.catalog.azuread.graph import APPLICATION, GROUP, SERVICE_PRINCIPAL, find_object, not_found
from shared.sandbox.catalog.azuread.microsoft_graph import CLIENT_ID, NAME, PERMISSIONS, object_id_of_graph
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties

_DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"
_BOTH = frozenset({"User", "Application"})


def check_assignment(request: Request) -> None:
    """Raise CloudError where principal, application or role do not exist, or the role is not for such a principal."""
    client = _client_of(request)
    principal = find_object(request, request.text("principalObjectId"))
    if principal is None:
        raise not_found(request.text("principalObjectId"))
    member = "User" if principal.token == GROUP else "Application"
    if member not in _roles_of(request, client).get(request.text("appRoleId"), frozenset()):
        problem = f"Permission being assigned was not found on application '{client}' for a {member}"
        raise CloudError("Request_BadRequest", problem)


def assignment_outputs(request: Request) -> Properties:
    """Return the names of both sides of an assignment."""
    principal = find_object(request, request.text("principalObjectId"))
    resource = _principal_of(request)
    own = str(resource.outputs["displayName"]) if resource else ""
    return {
        "principalDisplayName": str(principal.outputs.get("displayName") or "") if principal else "",
        "principalType": "Group" if principal and principal.token == GROUP else "ServicePrincipal",
        "resourceDisplayName": NAME if _is_graph(request) else own,
    }


def _is_graph(request: Request) -> bool:
    return request.text("resourceObjectId") == object_id_of_graph(request.cloud)


def _principal_of(request: Request) -> Record | None:
    found = find_object(request, request.text("resourceObjectId"))
    return found if found and found.token == SERVICE_PRINCIPAL else None


def _client_of(request: Request) -> str:
    resource = _principal_of(request)
    if resource is None and not _is_graph(request):
        raise not_found(request.text("resourceObjectId"))
    return str(resource.inputs["clientId"]) if resource else CLIENT_ID


def _roles_of(request: Request, client: str) -> dict[str, frozenset[str]]:
    """Return the kinds of members of each role that an application has now, by the role's id."""
    if client == CLIENT_ID:
        return {_DEFAULT_ROLE: _BOTH, **dict.fromkeys(PERMISSIONS.values(), frozenset({"Application"}))}
    applications = [one for one in request.existing.of_type(APPLICATION) if one.outputs["clientId"] == client]
    roles: list[Json] = [role for one in applications for role in one.inputs.get("appRoles") or []]
    return {_DEFAULT_ROLE: _BOTH, **{str(role["id"]): frozenset(role["allowedMemberTypes"]) for role in roles}}
