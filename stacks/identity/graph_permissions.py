"""What the logins of GitHub Actions may do in Entra: permissions of Microsoft Graph.

The ids are those of Microsoft's "Microsoft Graph permissions reference". Giving a login such a permission is what a
person otherwise does by admin consent; it takes AppRoleAssignment.ReadWrite.All, which no login has, since with it a
login could give itself any other.
"""

import dataclasses
from collections.abc import Mapping
from typing import Final

import pulumi_azuread as entra

from stacks.identity.azure_logins import AzureLogins

GRAPH_CLIENT_ID: Final = "00000003-0000-0000-c000-000000000000"


@dataclasses.dataclass(frozen=True)
class GraphPermission:
    """An application permission. name: as Graph knows it; id: of the app role."""

    name: str
    id: str

    @property
    def logical_name(self) -> str:
        """Return the name as part of a logical name: application-read-all."""
        return self.name.lower().replace(".", "-")


_READ_APPLICATIONS: Final = GraphPermission("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30")
_READ_GROUPS: Final = GraphPermission("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b")
_OWN_APPLICATIONS: Final = GraphPermission("Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884")
_CREATE_GROUPS: Final = GraphPermission("Group.Create", "bf7b1a76-6e77-406b-b258-bf5c7720e98f")

GRAPH_PERMISSIONS: Final[Mapping[str, tuple[GraphPermission, ...]]] = {
    "preview": (_READ_APPLICATIONS, _READ_GROUPS),
    "deploy": (),
    # It looks for a group of the same name before it makes one.
    "identity": (_READ_APPLICATIONS, _READ_GROUPS, _OWN_APPLICATIONS, _CREATE_GROUPS),
}
"""The permissions of each login."""


def grant_graph_permissions(logins: AzureLogins) -> None:
    """Give each login its permissions."""
    # Looked up, not adopted: Graph's principal belongs to the tenant, and must outlive this stack.
    graph = entra.get_service_principal_output(client_id=GRAPH_CLIENT_ID)
    for login, permissions in GRAPH_PERMISSIONS.items():
        for permission in permissions:
            entra.AppRoleAssignment(
                f"gha-{login}-{permission.logical_name}",
                app_role_id=permission.id,
                principal_object_id=logins.by_role[login].principal_id,
                resource_object_id=graph.object_id,
            )
