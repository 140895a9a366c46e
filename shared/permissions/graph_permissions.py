"""What azuread's resource types ask of Microsoft Graph, from the "API Permissions" of each resource's documentation.

Graph's permissions are granted by a person (admin consent), so no program of this repository names them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from shared.permissions.errors import UnknownTypeError
from shared.permissions.made_resource import MadeResource

PREFIX: Final = "azuread:"
OWNED: Final = "Application.ReadWrite.OwnedBy"
READ_APPLICATIONS: Final = "Application.Read.All"
CREATE_GROUPS: Final = "Group.Create"
READ_GROUPS: Final = "Group.Read.All"
# With it a login could give itself any role of any application.
GRANT_ANYTHING: Final = "AppRoleAssignment.ReadWrite.All"

APPLICATION: Final = "azuread:index/application:Application"
PRINCIPAL: Final = "azuread:index/servicePrincipal:ServicePrincipal"
GROUP: Final = "azuread:index/group:Group"

TO_WRITE: Final[Mapping[str, frozenset[str]]] = {
    APPLICATION: frozenset({OWNED}),
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": frozenset({OWNED}),
    "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri": frozenset({OWNED}),
    PRINCIPAL: frozenset({OWNED}),
    # Its owner is a service principal, which is looked up.
    GROUP: frozenset({CREATE_GROUPS, READ_APPLICATIONS}),
    "azuread:index/appRoleAssignment:AppRoleAssignment": frozenset({GRANT_ANYTHING, READ_APPLICATIONS}),
}

# What a person consents to for each login at the first deployment.
CONSENTED: Final[Mapping[str, frozenset[str]]] = {
    "gha-preview": frozenset({READ_APPLICATIONS, READ_GROUPS}),
    "gha-deploy": frozenset(),
    "gha-identity": frozenset({OWNED, CREATE_GROUPS, READ_APPLICATIONS}),
}


def graph_refusals(
    operation: str,
    resource: MadeResource,
    *,
    granted: frozenset[str],
    login: str,
    everything: Iterable[MadeResource],
) -> Iterator[str]:
    """Yield what keeps a login from an operation of azuread.

    granted: its permissions; login: its object id. Raises UnknownTypeError.
    """
    needed = TO_WRITE.get(resource.token)
    if needed is None:
        raise UnknownTypeError(token=resource.token, table="shared/permissions/graph_permissions.py")
    if operation == "read":
        to_read = frozenset({READ_GROUPS if resource.token == GROUP else READ_APPLICATIONS})
        if not (to_read <= granted or needed <= granted):
            yield f"Graph's {', '.join(sorted(to_read))} is missing"
        return
    yield from (f"Graph's {one} is missing" for one in sorted(needed - granted))
    if OWNED in needed and not all(login in owners for owners in _owners(operation, resource, everything)):
        yield "it is not its owner"


def _owners(operation: str, resource: MadeResource, everything: Iterable[MadeResource]) -> Iterator[list[str]]:
    """Yield the owners of what must be owned: of the application too, for what belongs to one."""
    inputs = resource.inputs
    if resource.token in (APPLICATION, PRINCIPAL) and operation != "create":
        yield _listed(inputs)
    for one in everything:
        if one.token == APPLICATION and (
            one.id == inputs.get("applicationId") or one.outputs.get("clientId") == inputs.get("clientId", "")
        ):
            yield _listed(one.inputs)


def _listed(inputs: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in inputs.get("owners", ())]
