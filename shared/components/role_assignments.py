"""Who may do what on one Azure resource."""

import dataclasses
from collections.abc import Sequence
from typing import Literal, Self

import pulumi
from pulumi_azure_native import authorization

from shared.components import tokens
from shared.components.azure_role import AzureRole, stable_guid
from shared.contracts import IdentityOutputs
from shared.environment import Environment


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grant:
    """Roles of one principal.

    to: the principal's name in logical names; principal_id: its object id.
    kind: without it Azure looks the principal up, and does not find one that was just made (PrincipalNotFound).
    condition: which uses of these roles are allowed, in the language of Azure's role assignment conditions 2.0.
    """

    to: str
    principal_id: pulumi.Input[str]
    roles: tuple[AzureRole, ...]
    kind: Literal["ServicePrincipal", "Group"] = "ServicePrincipal"
    condition: pulumi.Input[str] | None = None

    @classmethod
    def to_identity(cls, identity: IdentityOutputs, name: str, *roles: AzureRole) -> Self:
        """Grant roles to one of the platform's managed identities: cmk, workspace, compute or endpoint."""
        return cls(to=name, principal_id=identity.principals[name], roles=roles)

    @classmethod
    def to_group(cls, identity: IdentityOutputs, name: str, *roles: AzureRole) -> Self:
        """Grant roles to one of the platform's groups: ml_admins, data_scientists or scoring_clients."""
        return cls(to=name.replace("_", "-"), principal_id=identity.groups[name], roles=roles, kind="Group")


class RoleAssignments(pulumi.ComponentResource):
    """Role assignments on one scope.

    Their GUIDs come from stable names, not from scope and principal: those may be unknown in a preview.
    after: definitions of our own roles; their ids are known before they exist, so nothing else says to wait.
    """

    def __init__(
        self,
        name: str,
        *,
        environment: Environment,
        scope: pulumi.Input[str],
        grants: Sequence[Grant],
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.ROLE_ASSIGNMENTS, name, {}, opts)
        self._after = tuple(after)
        for grant in grants:
            for role in grant.roles:
                self._assign(f"{name}-{grant.to}-{role.name}", environment, scope, grant, role)
        self.register_outputs({})

    def _assign(
        self, name: str, environment: Environment, scope: pulumi.Input[str], grant: Grant, role: AzureRole
    ) -> None:
        authorization.RoleAssignment(
            name,
            role_assignment_name=stable_guid(environment, "role-assignment", pulumi.get_project(), name),
            scope=scope,
            role_definition_id=role.definition_id(environment),
            principal_id=grant.principal_id,
            principal_type=grant.kind,
            condition=grant.condition,
            condition_version=None if grant.condition is None else "2.0",
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._after,
                # Azure refuses another role under the same GUID, and the provider does not know it.
                replace_on_changes=["roleDefinitionId"],
                # The successor has the same GUID.
                delete_before_replace=True,
            ),
        )
