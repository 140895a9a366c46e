"""The Entra application of the AI system: who its users and services log in to."""

from collections.abc import Sequence

import pulumi
import pulumi_azuread as entra

from shared.components.azure_role import stable_guid
from shared.environment import Environment
from shared.naming import Names

READ_MODELS = "Model.Read"
APP_ROLES = {
    "Model.Score": "Asks the AI system for predictions.",
    READ_MODELS: "Reads the models that the AI system trains on AWS.",
    "Config.Write": "Changes the configuration of the AI system.",
}


def ai_application(
    env: Environment, owners: Sequence[pulumi.Input[str]], *, model_reader: pulumi.Input[str]
) -> tuple[entra.Application, entra.ServicePrincipal]:
    """Return the application and its service principal, which lets in only those with one of its roles.

    model_reader: principal of the identity that AWS trusts with a token for this application. Without a role Entra
    refuses it that token (AADSTS501051).
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
                id=_role_id(env, value),
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
    entra.AppRoleAssignment(
        "model-reader",
        app_role_id=_role_id(env, READ_MODELS),
        principal_object_id=model_reader,
        resource_object_id=principal.object_id,
    )
    return application, principal


def _role_id(env: Environment, value: str) -> str:
    return stable_guid(env, "app-role", value)
