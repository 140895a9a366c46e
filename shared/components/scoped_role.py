"""An IAM role of the platform: inside the permissions boundary, with one policy of its own and no managed ones."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import iam

from shared.components import tokens
from shared.components.policy_document import Statement, policy_document


class ScopedRole(pulumi.ComponentResource):
    """A role that begins with its trust only; `grant` gives it permissions later.

    The two are apart because a key's policy names roles, which must exist, and a role's policy names the key.
    """

    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        role_name: str,
        description: str,
        trust: Statement,
        boundary_arn: pulumi.Input[str],
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the role.

        role_name: its name in the account. trust: who may assume it. boundary_arn: what it can never exceed.
        """
        super().__init__(tokens.SCOPED_ROLE, name, {}, opts)
        self._name = name
        self._role = iam.Role(
            name,
            name=role_name,
            description=description,
            assume_role_policy=policy_document([trust]),
            permissions_boundary=boundary_arn,
            max_session_duration=3600,
            tags=dict(tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = self._role.arn
        self.register_outputs({"arn": self.arn})

    def grant(self, statements: Sequence[Statement]) -> iam.RolePolicy:
        """Give the role its one policy. What runs as the role must depend on the returned policy."""
        return iam.RolePolicy(
            self._name,
            name="permissions",
            role=self._role.name,
            policy=policy_document(statements),
            opts=pulumi.ResourceOptions(parent=self),
        )
