"""A small tenant with one object of every Entra type that the sandbox models, in an order that works."""

from shared.sandbox.wire import Properties
from tests.sandbox.aws_platform import GITHUB, Made, Step
from tests.sandbox.simulated_cloud import SimulatedCloud

ROLE = "22222222-0000-4000-8000-000000000001"
SCOPE = "22222222-0000-4000-8000-000000000002"


def _application(_: Made) -> Properties:
    role = {"id": ROLE, "value": "Model.Score", "displayName": "Score", "description": "Score", "enabled": True}
    scope = {"id": SCOPE, "value": "read", "type": "Admin", "enabled": True}
    return {
        "displayName": "ai-system",
        "preventDuplicateNames": True,
        "signInAudience": "AzureADMyOrg",
        "appRoles": [{**role, "allowedMemberTypes": ["Application"]}],
        "api": {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [scope]},
        "web": {"homepageUrl": "https://ai.example.com", "redirectUris": ["https://ai.example.com/back"]},
    }


STEPS: list[Step] = [
    ("application", "azuread:index/application:Application", _application),
    (
        "uri",
        "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri",
        lambda made: {
            "applicationId": made["application"].id,
            "identifierUri": f"api://{made['application'].outputs['clientId']}",
        },
    ),
    (
        "principal",
        "azuread:index/servicePrincipal:ServicePrincipal",
        lambda made: {"clientId": made["application"].outputs["clientId"], "appRoleAssignmentRequired": True},
    ),
    ("ci application", "azuread:index/application:Application", lambda _: {"displayName": "ci"}),
    (
        "ci",
        "azuread:index/servicePrincipal:ServicePrincipal",
        lambda made: {"clientId": made["ci application"].outputs["clientId"]},
    ),
    (
        "credential",
        "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
        lambda made: {
            "applicationId": made["ci application"].id,
            "displayName": "github-prod",
            "issuer": GITHUB,
            "subject": "repo:example/platform:environment:prod",
            "audiences": ["api://AzureADTokenExchange"],
        },
    ),
    (
        "group",
        "azuread:index/group:Group",
        lambda _: {"displayName": "ml-admins", "securityEnabled": True, "preventDuplicateNames": True},
    ),
    (
        "member",
        "azuread:index/groupMember:GroupMember",
        lambda made: {
            "groupObjectId": made["group"].outputs["objectId"],
            "memberObjectId": made["ci"].outputs["objectId"],
        },
    ),
    (
        "assignment",
        "azuread:index/appRoleAssignment:AppRoleAssignment",
        lambda made: {
            "appRoleId": ROLE,
            "principalObjectId": made["ci"].outputs["objectId"],
            "resourceObjectId": made["principal"].outputs["objectId"],
        },
    ),
]


def build(cloud: SimulatedCloud) -> Made:
    """Create everything."""
    made: Made = {}
    for name, token, inputs in STEPS:
        made[name] = cloud.create(token, inputs(made))
    return made
