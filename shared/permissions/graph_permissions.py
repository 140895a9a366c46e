"""What azuread's resource types ask of Microsoft Graph, from the "API Permissions" of each resource's documentation.

Ids of permissions: Microsoft's "Microsoft Graph permissions reference".
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
ASSIGNMENT: Final = "azuread:index/appRoleAssignment:AppRoleAssignment"

TO_WRITE: Final[Mapping[str, frozenset[str]]] = {
    APPLICATION: frozenset({OWNED}),
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": frozenset({OWNED}),
    "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri": frozenset({OWNED}),
    PRINCIPAL: frozenset({OWNED}),
    # Its owner is a service principal, which is looked up.
    GROUP: frozenset({CREATE_GROUPS, READ_APPLICATIONS}),
    ASSIGNMENT: frozenset({GRANT_ANYTHING, READ_APPLICATIONS}),
}

BY_ID: Final[Mapping[str, str]] = {
    "18a4783c-866b-4cc7-a460-3d5e5662c884": OWNED,
    "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30": READ_APPLICATIONS,
    "bf7b1a76-6e77-406b-b258-bf5c7720e98f": CREATE_GROUPS,
    "5b567255-7703-4780-807c-7be8301ae99b": READ_GROUPS,
    "06b708a9-e830-4db3-a914-8e69da51d44f": GRANT_ANYTHING,
}


def granted_to(principal: str, everything: Iterable[MadeResource]) -> frozenset[str]:
    """Return the permissions of Graph that a principal was given. principal: its object id."""
    return frozenset(
        BY_ID[one.inputs["appRoleId"]]
        for one in everything
        if one.token == ASSIGNMENT and one.inputs["principalObjectId"] == principal and one.inputs["appRoleId"] in BY_ID
    )


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
