"""The Entra application of the AI system: who its users and services log in to."""

from collections.abc import Sequence

import pulumi
import pulumi_azuread as entra

from shared.components.azure_role import stable_guid
from shared.environment import Environment
from shared.naming import Names

APP_ROLES = {
    "Model.Score": "Asks the AI system for predictions.",
    "Config.Write": "Changes the configuration of the AI system.",
}


def ai_application(
    env: Environment, owners: Sequence[pulumi.Input[str]]
) -> tuple[entra.Application, entra.ServicePrincipal]:
    """Return the application and its service principal, which lets in only those with one of its roles."""
    application = entra.Application(
        "ai-system",
        display_name=Names(env).of("entra_application", "ai-system"),
        sign_in_audience="AzureADMyOrg",
        owners=owners,
        prevent_duplicate_names=True,
        api=entra.ApplicationApiArgs(requested_access_token_version=2),
        app_roles=[
            entra.ApplicationAppRoleArgs(
                id=stable_guid(env, "app-role", value),
                value=value,
                display_name=value,
                description=description,
                allowed_member_types=["User", "Application"],
                enabled=True,
            )
            for value, description in APP_ROLES.items()
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
    return application, principal
