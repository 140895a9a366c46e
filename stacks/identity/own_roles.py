"""Azure roles that are narrower than any built-in one.

They can be assigned in the whole subscription, although most are assigned in the resource group only: who changes a
role needs `roleDefinitions/write` on each of its assignable scopes (Microsoft's "Azure custom roles"), and no login has
that outside the resource group. So none can widen a role that it holds, or that it may give to another principal.
"""

from collections.abc import Mapping

from pulumi_azure_native import authorization

from shared.components.azure_role import (
    AzureRole,
    endpoint_scorer,
    flow_log_keeper,
    lock_keeper,
    platform_deployer,
)
from shared.environment import Environment
from shared.naming import Names

_SCORE = ("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",)
_LOCKS = ("Microsoft.Authorization/locks",)
_FLOW_LOGS = ("Microsoft.Network/networkWatchers/flowLogs",)
# What the identity stack has in the resource group, itself among it. Assigning roles is another role, with a condition.
_IDENTITY_STACK = (
    "Microsoft.Authorization/policyAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.Resources/subscriptions/resourceGroups",
)


def define_own_roles(env: Environment) -> dict[str, authorization.RoleDefinition]:
    """Define the roles and return them by name: without locks or flow logs, nobody needs to keep them."""
    roles: Mapping[AzureRole, tuple[tuple[str, ...], str]] = {
        endpoint_scorer(env): (_SCORE, "Calls online endpoints with an Entra token, nothing else."),
        platform_deployer(env): (
            _changing(*_IDENTITY_STACK),
            "Deploys identities, policies and definitions of roles, and grants nothing.",
        ),
    }
    if env.protection.locks:
        roles = {**roles, lock_keeper(env): (_changing(*_LOCKS), "Sets management locks, which Contributor may not.")}
    if env.logs.flow_logs:
        text = "Changes flow logs of networks, which lie in a group of Azure's own."
        roles = {**roles, flow_log_keeper(env): (_changing(*_FLOW_LOGS), text)}
    return {role.name: _define(env, role, actions, text) for role, (actions, text) in roles.items()}


def _changing(*types: str) -> tuple[str, ...]:
    return tuple(f"{one}/{verb}" for one in types for verb in ("read", "write", "delete"))


def _define(
    env: Environment, role: AzureRole, actions: tuple[str, ...], description: str
) -> authorization.RoleDefinition:
    subscription = f"/subscriptions/{env.azure.subscription_id}"
    return authorization.RoleDefinition(
        role.name,
        role_definition_id=role.guid,
        # Names of roles are unique in the tenant.
        role_name=f"{role.name}-{env.platform}-{env.name}-{Names(env).suffix}",
        role_type="CustomRole",
        description=description,
        scope=subscription,
        assignable_scopes=[subscription],
        permissions=[authorization.PermissionArgs(actions=list(actions), not_actions=[])],
    )
