"""Azure roles that are narrower than any built-in one.

They are defined here, not where they are granted: the login that deploys the other stacks may not define roles.
"""

from pulumi_azure_native import authorization, resources

from shared.components.azure_role import AzureRole, endpoint_scorer, lock_keeper
from shared.environment import Environment
from shared.naming import Names

SCORE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
LOCKS = "Microsoft.Authorization/locks/*"


def define_own_roles(env: Environment, group: resources.ResourceGroup) -> None:
    """Define the roles, for use in the resource group only."""
    _define(env, group, endpoint_scorer(env), SCORE, "Calls online endpoints with an Entra token, nothing else.")
    if env.protection.locks:
        _define(env, group, lock_keeper(env), LOCKS, "Sets management locks, which Contributor may not.")


def _define(env: Environment, group: resources.ResourceGroup, role: AzureRole, action: str, description: str) -> None:
    authorization.RoleDefinition(
        role.name,
        role_definition_id=role.guid,
        # Names of roles are unique in the tenant.
        role_name=f"{role.name}-{env.platform}-{env.name}-{Names(env).suffix}",
        role_type="CustomRole",
        description=description,
        scope=group.id,
        assignable_scopes=[group.id],
        permissions=[authorization.PermissionArgs(actions=[action], not_actions=[])],
    )
