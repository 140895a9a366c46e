"""Logins on AWS: what they may do, and that no one may promote itself."""

import fnmatch
import json

import pytest

from shared.components.github_subject import ROLES, Role
from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.aws_policies import login_policy
from stacks.identity.permissions_boundary import boundary_policy
from tests.unit.sample_environments import sandbox

ARNS = AwsArns(sandbox())
LOGIN = ARNS.login("deploy")
OTHER_ROLE = ARNS.roles.replace("*-", "role-job-")


def _matches(statement: Statement, action: str, resource: str) -> bool:
    return any(fnmatch.fnmatchcase(action, one) for one in statement.actions) and any(
        fnmatch.fnmatchcase(resource, str(one)) for one in statement.resources
    )


def _size(statements: list[Statement]) -> int:
    """Return the characters that IAM counts: all but white space."""
    return len(json.dumps([one.render() for one in statements], separators=(",", ":"))) + len(
        '{"Version":"2012-10-17"}'
    )


def _allowed(statements: list[Statement], action: str, resource: str) -> bool:
    """Tell whether a policy allows an action, with every condition fulfilled."""
    effects = {one.effect for one in statements if _matches(one, action, resource)}
    return effects == {"Allow"}


@pytest.mark.parametrize("role", ROLES)
def test_policies_fit_into_the_limits_of_iam(role: Role) -> None:
    statements = login_policy(role, ARNS)
    assert _size(statements) <= 10_240
    assert _size(boundary_policy(ARNS)) <= 6_144
    assert len({one.sid for one in statements}) == len(statements)


def test_previews_read_settings_and_no_data() -> None:
    preview = login_policy("preview", ARNS)
    bucket = ARNS.bucket.replace("*-", "s3-artifacts-")
    assert _allowed(preview, "s3:GetBucketPolicy", bucket)
    assert _allowed(preview, "s3:GetObject", f"{bucket}/definitions/one.json")
    assert not _allowed(preview, "s3:GetObject", f"{bucket}/data/raw.csv")
    assert not _allowed(preview, "secretsmanager:GetSecretValue", "any")
    assert not [
        action
        for statement in preview
        if statement.effect == "Allow"
        for action in statement.actions
        if action.split(":")[1].startswith(("Create", "Put", "Delete", "Update", "Attach", "Pass", "*"))
    ]


def test_a_deployer_makes_roles_inside_the_boundary_only() -> None:
    deploy = login_policy("deploy", ARNS)
    assert _allowed(deploy, "iam:CreateRole", OTHER_ROLE)
    making = [one for one in deploy if "iam:CreateRole" in one.actions and one.effect == "Allow"]
    assert [one.conditions["StringEquals"] for one in making] == [{"iam:PermissionsBoundary": ARNS.boundary}]
    assert not _allowed(deploy, "iam:DeleteRolePermissionsBoundary", OTHER_ROLE)


def test_a_deployer_makes_rules_with_our_tags_and_endpoints_with_private_names() -> None:
    deploy = {one.sid: one for one in login_policy("deploy", ARNS)}
    rule = ARNS.regional("ec2", "security-group-rule/new")
    assert _matches(deploy["MakeRules"], "ec2:AuthorizeSecurityGroupEgress", rule)
    assert not _matches(
        deploy["MakeRules"], "ec2:AuthorizeSecurityGroupEgress", ARNS.regional("ec2", "security-group/x")
    )
    tags = {"aws:RequestTag/environment": "sandbox", "aws:RequestTag/platform": "mlp"}
    assert deploy["MakeRules"].conditions == {"StringEquals": tags}
    zone = "arn:aws:route53:::hostedzone/Z1"
    assert _allowed(list(deploy.values()), "route53:AssociateVPCWithHostedZone", zone)


@pytest.mark.parametrize("resource", [LOGIN, ARNS.login("identity"), ARNS.boundary, ARNS.github_provider])
@pytest.mark.parametrize(
    "action",
    [
        "iam:UpdateAssumeRolePolicy",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeleteRole",
        "iam:PassRole",
        "iam:AddClientIDToOpenIDConnectProvider",
    ],
)
def test_a_deployer_cannot_promote_itself(resource: str, action: str) -> None:
    assert not _allowed(login_policy("deploy", ARNS), action, resource)


def test_the_identity_login_changes_the_others_and_never_itself() -> None:
    identity = login_policy("identity", ARNS)
    assert _allowed(identity, "iam:UpdateAssumeRolePolicy", LOGIN)
    assert not _allowed(identity, "iam:UpdateAssumeRolePolicy", ARNS.login("identity"))
    assert not _allowed(identity, "iam:PassRole", LOGIN)
    assert not _allowed(identity, "iam:CreateRole", OTHER_ROLE)


def test_the_boundary_never_lets_a_role_change_who_may_do_what() -> None:
    boundary = boundary_policy(ARNS)
    assert _allowed(boundary, "s3:GetObject", ARNS.bucket.replace("*-", "s3-") + "/models/m.tar.gz")
    assert not _allowed(boundary, "s3:GetObject", "arn:aws:s3:::somebody-else/key")
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "sts:AssumeRole", "secretsmanager:GetSecretValue"):
        assert not _allowed(boundary, action, OTHER_ROLE)
    assert _allowed(boundary, "iam:PassRole", OTHER_ROLE)
    assert not _allowed(boundary, "iam:PassRole", LOGIN)
