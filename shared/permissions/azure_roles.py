"""Azure roles that logins have: what they allow, from Microsoft's "Azure built-in roles" reference."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.components import azure_role
from shared.permissions.wildcard import matches


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoleDefinition:
    """What a role allows: patterns of actions of ARM, and of data actions of a service, without those in not_*.

    condition: of the definition itself, in the language of role_condition.
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str | None = None

    def allows(self, action: str, *, data: bool = False) -> bool:
        """Tell whether the role allows one action."""
        allowed, refused = (self.data_actions, self.not_data_actions) if data else (self.actions, self.not_actions)
        return _fits_any(allowed, action) and not _fits_any(refused, action)

    @property
    def everything(self) -> tuple[str, ...]:
        """Return all that the role allows, as patterns."""
        return (*self.actions, *self.data_actions)


def custom_role(inputs: Mapping[str, Any]) -> RoleDefinition:
    """Return what a role of our own allows, from the inputs of its definition."""

    def all_of(key: str) -> tuple[str, ...]:
        permissions: Sequence[Mapping[str, Any]] = inputs["permissions"]
        return tuple(action for permission in permissions for action in permission.get(key, ()))

    return RoleDefinition(
        actions=all_of("actions"),
        not_actions=all_of("notActions"),
        data_actions=all_of("dataActions"),
        not_data_actions=all_of("notDataActions"),
    )


def _fits_any(patterns: Sequence[str], action: str) -> bool:
    return any(matches(pattern, action, any_case=True) for pattern in patterns)


# What Defender's scanners are given: "Defender for Storage Data Scanner" and "EventGrid Data Sender".
SCANNER_ROLES: Final = ("1e7ca9b1-60d1-4db8-a914-f2ca1ff27c40", "d5a91429-5739-47e2-a06b-3470a27159e7")
_SCANNER_CONDITION: Final = " AND ".join(
    f"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}})) OR "
    f"(@{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] "
    f"ForAnyOfAnyValues:GuidEquals {{{', '.join(SCANNER_ROLES)}}}))"
    for verb, source in (("write", "Request"), ("delete", "Resource"))
)
_CONFIGURATION = "Microsoft.AppConfiguration/configurationStores"

# By the GUID of the definition.
BUILT_IN: Final = {
    azure_role.READER.guid: RoleDefinition(actions=("*/read",)),
    azure_role.CONTRIBUTOR.guid: RoleDefinition(
        actions=("*",),
        not_actions=(
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
            "Microsoft.Subscription/cancel/action",
            "Microsoft.Subscription/enable/action",
        ),
    ),
    azure_role.RBAC_ADMINISTRATOR.guid: RoleDefinition(
        actions=(
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        )
    ),
    azure_role.USER_ACCESS_ADMINISTRATOR.guid: RoleDefinition(
        actions=("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")
    ),
    azure_role.DEFENDER_SCANNER_OPERATOR.guid: RoleDefinition(
        actions=(
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "Microsoft.Authorization/*/read",
            "Microsoft.EventGrid/eventSubscriptions/read",
            "Microsoft.EventGrid/eventSubscriptions/write",
            "Microsoft.EventGrid/eventSubscriptions/delete",
            "Microsoft.Security/defenderforstoragesettings/read",
            "Microsoft.Security/defenderforstoragesettings/write",
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Storage/storageAccounts/write",
        ),
        condition=_SCANNER_CONDITION,
    ),
    azure_role.CONFIGURATION_DATA_READER.guid: RoleDefinition(data_actions=(f"{_CONFIGURATION}/*/read",)),
    azure_role.CONFIGURATION_DATA_OWNER.guid: RoleDefinition(
        data_actions=(f"{_CONFIGURATION}/*/read", f"{_CONFIGURATION}/*/write", f"{_CONFIGURATION}/*/delete")
    ),
}
