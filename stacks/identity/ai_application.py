"""The Entra application of the AI system: who its users and services log in to."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi
import pulumi_azuread as entra

from shared.components.azure_role import stable_guid
from shared.environment import Environment
from shared.naming import Names


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppRole:
    """A role of the application.

    value: what tokens say. holder: who has it, a group or an identity by name. members: what Entra lets it be given to;
    groups count as users (Microsoft Graph, "appRole resource type"), and being given one takes Entra ID P1.
    """

    value: str
    description: str
    holder: str
    members: tuple[Literal["User", "Application"], ...]

    def id(self, env: Environment) -> str:
        """Return the role's GUID."""
        return stable_guid(env, "app-role", self.value)


APP_ROLES = (
    AppRole(
        value="Model.Score",
        description="Asks the AI system for predictions.",
        holder="scoring_clients",
        members=("User", "Application"),
    ),
    # AWS trusts a token for this application. Without a role Entra refuses the identity that token (AADSTS501051).
    AppRole(
        value="Model.Read",
        description="Reads the models that the AI system trains on AWS.",
        holder="compute",
        members=("Application",),
    ),
    AppRole(
        value="Config.Write",
        description="Changes the configuration of the AI system.",
        holder="ml_admins",
        members=("User",),
    ),
)


def ai_application(
    env: Environment, owners: Sequence[pulumi.Input[str]], *, holders: Mapping[str, pulumi.Input[str]]
) -> tuple[entra.Application, entra.ServicePrincipal]:
    """Return the application and its service principal, which lets in only those with one of its roles.

    holders: object ids of the groups and identities that have a role, by name.
    """
    application = entra.Application(
        "ai-system",
        display_name=Names(env).of("entra_application", "ai-system"),
        sign_in_audience="AzureADMyOrg",
        owners=owners,
        prevent_duplicate_names=True,
        api=entra.ApplicationApiArgs(requested_access_token_version=2),
        app_roles=[
            entra.ApplicationAppRoleArgs(
                id=role.id(env),
                value=role.value,
                display_name=role.value,
                description=role.description,
                allowed_member_types=list(role.members),
                enabled=True,
            )
            for role in APP_ROLES
        ],
        # The URI holds the client id, so it is a resource of its own: ApplicationIdentifierUri.
        opts=pulumi.ResourceOptions(ignore_changes=["identifierUris"]),
    )
    entra.ApplicationIdentifierUri(
        "ai-system",
        application_id=application.id,
        identifier_uri=application.client_id.apply(lambda client_id: f"api://{client_id}"),
    )
    principal = entra.ServicePrincipal(
        "ai-system", client_id=application.client_id, owners=owners, app_role_assignment_required=True
    )
    for role in APP_ROLES:
        entra.AppRoleAssignment(
            f"{role.holder}-{role.value}".lower().replace("_", "-").replace(".", "-"),
            app_role_id=role.id(env),
            principal_object_id=holders[role.holder],
            resource_object_id=principal.object_id,
        )
    return application, principal
