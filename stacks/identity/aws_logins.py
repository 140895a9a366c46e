"""The logins of GitHub Actions on AWS, and the boundary of every role that they make."""

import dataclasses
from collections.abc import Mapping

import pulumi
from pulumi_aws import iam

from shared.components.github_role import GitHubRole
from shared.components.github_subject import ISSUER, ROLES
from shared.components.policy_document import policy_document
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.identity.aws_arns import AwsArns
from stacks.identity.aws_policies import login_policy
from stacks.identity.permissions_boundary import boundary_policy


@dataclasses.dataclass(frozen=True, kw_only=True)
class AwsLogins:
    """ARNs of the roles, by preview, deploy and identity, and of the permissions boundary."""

    role_arns: Mapping[str, pulumi.Output[str]]
    boundary_arn: pulumi.Output[str]


def aws_logins(env: Environment) -> AwsLogins:
    """Return the logins, which trust GitHub's OIDC provider."""
    arns = AwsArns(env)
    boundary = iam.Policy(
        "boundary",
        name=Names(env).of("iam_policy", "boundary"),
        description="What any role of the ML platform may do at most.",
        policy=policy_document(boundary_policy(arns)),
        tags=tags(env, "identity"),
    )
    provider_arn = _github_provider_arn(env, arns)
    roles = {
        role: GitHubRole(
            f"gha-{role}",
            environment=env,
            role=role,
            provider_arn=provider_arn,
            statements=login_policy(role, arns),
            tags=tags(env, "identity"),
        )
        for role in ROLES
    }
    return AwsLogins(role_arns={name: role.arn for name, role in roles.items()}, boundary_arn=boundary.arn)


def _github_provider_arn(env: Environment, arns: AwsArns) -> pulumi.Output[str]:
    """Return the account's one OIDC provider for GitHub: made here, or by another environment of the account."""
    if not env.aws.create_github_provider:
        return pulumi.Output.from_input(arns.github_provider)
    # No thumbprint: AWS trusts GitHub's certificate authority itself.
    provider = iam.OpenIdConnectProvider(
        "github", url=ISSUER, client_id_lists=["sts.amazonaws.com"], tags=tags(env, "identity")
    )
    return provider.arn
