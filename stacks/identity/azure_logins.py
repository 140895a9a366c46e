"""The logins of GitHub Actions on Azure, and what each may do in the resource group."""

from collections.abc import Iterable

from pulumi_azure_native import resources

from shared.components import azure_role as role
from shared.components.github_application import GitHubApplication
from shared.components.role_assignments import Grant, RoleAssignments
from shared.environment import Environment

# What the other stacks grant. The login that deploys them may grant nothing else.
GRANTABLE = (
    role.CONTRIBUTOR,
    role.READER,
    role.NETWORK_CONNECTION_APPROVER,
    role.KEY_VAULT_ADMINISTRATOR,
    role.KEY_VAULT_SECRETS_USER,
    role.KEY_VAULT_SECRETS_OFFICER,
    role.KEY_VAULT_ENCRYPTION_USER,
    role.BLOB_DATA_CONTRIBUTOR,
    role.BLOB_DATA_READER,
    role.FILE_DATA_CONTRIBUTOR,
    role.REGISTRY_PULL,
    role.REGISTRY_PUSH,
    role.ML_DATA_SCIENTIST,
    role.ML_COMPUTE_OPERATOR,
    role.ML_METRICS_WRITER,
    role.ML_CONNECTION_SECRETS_READER,
    role.CONFIGURATION_DATA_READER,
    role.CONFIGURATION_DATA_OWNER,
)


def azure_logins(env: Environment, group: resources.ResourceGroup) -> dict[str, GitHubApplication]:
    """Return the logins: preview reads, deploy changes, identity changes who exists.

    The identity login owns every application of this stack but itself: its own trust is changed by a person.
    """
    identity = GitHubApplication("gha-identity", environment=env, role="identity", owners=[])
    owners = [identity.principal_id]
    preview = GitHubApplication("gha-preview", environment=env, role="preview", owners=owners)
    deploy = GitHubApplication("gha-deploy", environment=env, role="deploy", owners=owners)

    grantable = [*GRANTABLE, role.endpoint_scorer(env)]
    deploying = (role.CONTRIBUTOR, role.CONFIGURATION_DATA_OWNER)
    if env.protection.locks:
        deploying = (*deploying, role.lock_keeper(env))
    RoleAssignments(
        "resource-group",
        environment=env,
        scope=group.id,
        grants=[
            Grant(to="gha-preview", principal_id=preview.principal_id, roles=(role.READER,)),
            Grant(to="gha-deploy", principal_id=deploy.principal_id, roles=deploying),
            Grant(
                to="gha-deploy",
                principal_id=deploy.principal_id,
                roles=(role.RBAC_ADMINISTRATOR,),
                condition=only_roles(one.guid for one in grantable),
            ),
            # It changes the group's tags, which no narrower role allows, and defines and grants roles.
            Grant(
                to="gha-identity",
                principal_id=identity.principal_id,
                roles=(role.CONTRIBUTOR, role.USER_ACCESS_ADMINISTRATOR),
            ),
        ],
    )
    return {"preview": preview, "deploy": deploy, "identity": identity}


def only_roles(guids: Iterable[str]) -> str:
    """Return the condition under which only these roles are granted, to services and groups, and taken away.

    The language is that of Microsoft's "Delegate Azure role assignment management to others with conditions". A new
    assignment's facts are in @Request, those of one to be deleted in @Resource.
    """
    allowed = "{" + ", ".join(sorted(guids)) + "}"
    assignments = "Microsoft.Authorization/roleAssignments"
    return (
        f"((!(ActionMatches{{'{assignments}/write'}})) OR "
        f"(@Request[{assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {allowed} AND "
        f"@Request[{assignments}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase "
        "{'ServicePrincipal', 'Group'})) AND "
        f"((!(ActionMatches{{'{assignments}/delete'}})) OR "
        f"(@Resource[{assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {allowed}))"
    )
