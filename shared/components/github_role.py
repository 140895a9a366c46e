"""A login on AWS for GitHub Actions, without keys."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import iam

from shared.components import tokens
from shared.components.github_subject import Role, subject
from shared.components.policy_document import Statement, policy_document
from shared.environment import Environment
from shared.naming import Names

_ISSUER_HOST = "token.actions.githubusercontent.com"


class GitHubRole(pulumi.ComponentResource):
    """An IAM role that the jobs of one GitHub environment assume, for an hour at most."""

    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        environment: Environment,
        role: Role,
        provider_arn: pulumi.Input[str],
        statements: Sequence[Statement],
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.GITHUB_ROLE, name, {}, opts)
        made = iam.Role(
            name,
            name=Names(environment).of("iam_role", name),
            path="/github/",
            assume_role_policy=policy_document([trust(environment, role, provider_arn)]),
            max_session_duration=3600,
            tags=dict(tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        iam.RolePolicy(
            name,
            name="permissions",
            role=made.name,
            policy=policy_document(statements),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = made.arn
        self.register_outputs({"arn": self.arn})


def trust(environment: Environment, role: Role, provider_arn: pulumi.Input[str]) -> Statement:
    """Return whom `role` trusts: the exact subject, our repository, and for writers our workflow on main.

    Previews run on the merge commit of a pull request, so their workflow reference is not fixed.
    """
    github = environment.github
    equals = {f"{_ISSUER_HOST}:aud": "sts.amazonaws.com", f"{_ISSUER_HOST}:sub": subject(environment, role)}
    if github.repository_id is not None:
        equals[f"{_ISSUER_HOST}:repository_id"] = str(github.repository_id)
    conditions = {"StringEquals": equals}
    if role != "preview":
        workflow = f"{github.organization}/{github.repository}/.github/workflows/deploy.yml@refs/heads/main"
        conditions["StringLike"] = {f"{_ISSUER_HOST}:job_workflow_ref": workflow}
    return Statement(
        sid="GitHubActions",
        actions=["sts:AssumeRoleWithWebIdentity"],
        principals={"Federated": provider_arn},
        conditions=conditions,
    )
