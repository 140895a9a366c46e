"""The logins of GitHub Actions on Azure, and what each may do in the resource group."""

import dataclasses
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import authorization, resources

from shared.components import azure_role as role
from shared.components.azure_role import AzureRole
from shared.components.github_application import GitHubApplication
from shared.components.role_assignments import Grant, RoleAssignments
from shared.environment import Environment
from stacks.identity.delegation import Delegation, delegating


@dataclasses.dataclass(frozen=True, kw_only=True)
class AzureLogins:
    """preview reads, deploy changes the other stacks, identity changes who exists."""

    preview: GitHubApplication
    deploy: GitHubApplication
    identity: GitHubApplication

    @property
    def by_role(self) -> dict[str, GitHubApplication]:
        """Return the logins by the names of IdentityOutputs."""
        return {"preview": self.preview, "deploy": self.deploy, "identity": self.identity}


def azure_logins(env: Environment) -> AzureLogins:
    """Return the logins, which may do nothing yet.

    The identity login owns every application of this stack but itself: its own trust is changed by a person.
    """
    identity = GitHubApplication("gha-identity", environment=env, role="identity", owners=[])
    owners = [identity.principal_id]
    return AzureLogins(
        preview=GitHubApplication("gha-preview", environment=env, role="preview", owners=owners),
        deploy=GitHubApplication("gha-deploy", environment=env, role="deploy", owners=owners),
        identity=identity,
    )


def grant_logins(
    env: Environment,
    group: resources.ResourceGroup,
    logins: AzureLogins,
    *,
    delegations: Sequence[Delegation],
    own_roles: Mapping[str, authorization.RoleDefinition],
) -> None:
    """Grant the logins their roles. delegations: what the deploy login may grant."""
    preview, deploy, identity = logins.preview, logins.deploy, logins.identity
    may_read, may_deploy = preview_roles(), deploy_roles(env)
    to_logins = [
        Delegation(roles=may_read, to=[preview.principal_id], kind="ServicePrincipal"),
        Delegation(roles=may_deploy, to=[deploy.principal_id], kind="ServicePrincipal"),
    ]

    def granting(to: str, principal_id: pulumi.Output[str], allowed: Sequence[Delegation]) -> Grant:
        return Grant(to=to, principal_id=principal_id, roles=(role.RBAC_ADMINISTRATOR,), condition=delegating(allowed))

    RoleAssignments(
        "resource-group",
        environment=env,
        scope=group.id,
        grants=[
            Grant(to="gha-preview", principal_id=preview.principal_id, roles=may_read),
            Grant(to="gha-deploy", principal_id=deploy.principal_id, roles=may_deploy),
            granting("gha-deploy", deploy.principal_id, delegations),
            Grant(to="gha-identity", principal_id=identity.principal_id, roles=(role.platform_deployer(env),)),
            granting("gha-identity", identity.principal_id, to_logins),
        ],
        after=list(own_roles.values()),
    )
    if env.logs.flow_logs:
        _grant_flow_logs(env, deploy, own_roles)


def _grant_flow_logs(
    env: Environment, deploy: GitHubApplication, own_roles: Mapping[str, authorization.RoleDefinition]
) -> None:
    """Let the deploy login change flow logs: Azure keeps them in a group that it makes with the first network."""
    keeper = role.flow_log_keeper(env)
    RoleAssignments(
        "subscription",
        environment=env,
        scope=f"/subscriptions/{env.azure.subscription_id}",
        grants=[Grant(to="gha-deploy", principal_id=deploy.principal_id, roles=(keeper,))],
        after=[own_roles[keeper.name]],
    )


def preview_roles() -> tuple[AzureRole, ...]:
    """Return the roles of the login that previews."""
    return (role.READER,)


def deploy_roles(env: Environment) -> tuple[AzureRole, ...]:
    """Return the roles of the login that deploys, but for the one that grants: no login may give that one."""
    locks = (role.lock_keeper(env),) if env.protection.locks else ()
    # Switching on malware scanning assigns a role to the scanner; this role may assign no other.
    scanning = (role.DEFENDER_SCANNER_OPERATOR,) if env.protection.defender else ()
    return (role.CONTRIBUTOR, role.CONFIGURATION_DATA_OWNER, *locks, *scanning)
