"""Logins on AWS: what they may do, and that no one may promote itself."""

import fnmatch
import json
from collections.abc import Iterator

import pytest

from shared.components.github_subject import ROLES, Role
from shared.components.policy_document import Statement
from shared.contracts import IdentityOutputs
from shared.permissions.aws_policy import AwsRequest, PolicyStatement, aws_allows, statements_of
from stacks.identity.aws_arns import AwsArns
from stacks.identity.aws_policies import login_policy
from stacks.identity.permissions_boundary import boundary_policy
from stacks.sagemaker.program import program as sagemaker
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import run_program

ARNS = AwsArns(sandbox())
LOGIN = ARNS.login("deploy")
OTHER_ROLE = ARNS.roles.replace("*-", "role-job-")


OURS = {"aws:ResourceTag/environment": ["sandbox"], "aws:ResourceTag/platform": ["mlp"]}
THEIRS = {"aws:ResourceTag/environment": ["prod"], "aws:ResourceTag/platform": ["mlp"]}
MADE_OURS = {"aws:RequestTag/environment": ["sandbox"], "aws:RequestTag/platform": ["mlp"]}


def _matches(statement: Statement, action: str, resource: str) -> bool:
    if not any(fnmatch.fnmatchcase(action, one) for one in statement.actions):
        return False
    if statement.outside:
        return not any(fnmatch.fnmatchcase(resource, str(one)) for one in statement.outside)
    return any(fnmatch.fnmatchcase(resource, str(one)) for one in statement.resources)


def _size(statements: list[Statement]) -> int:
    """Return the characters that IAM counts: all but white space."""
    return len(_text(statements))


def _text(statements: list[Statement]) -> str:
    document = {"Version": "2012-10-17", "Statement": [one.render() for one in statements]}
    return json.dumps(document, separators=(",", ":"))


def _allowed(statements: list[Statement], action: str, resource: str) -> bool:
    """Tell whether a policy allows an action, with every condition fulfilled."""
    effects = {one.effect for one in statements if _matches(one, action, resource)}
    return effects == {"Allow"}


def _asked(statements: list[Statement], action: str, resource: str, context: dict[str, list[str]]) -> bool:
    """Tell whether a policy allows an action as IAM decides it, conditions too."""
    return aws_allows(statements_of(_text(statements)), AwsRequest(action=action, resource=resource, context=context))


def _writes(role: Role) -> Iterator[str]:
    """Yield the actions that a login is allowed and that are not reads."""
    for statement in login_policy(role, ARNS):
        if statement.effect == "Allow":
            yield from (
                one for one in statement.actions if not one.split(":")[1].startswith(("Get", "List", "Describe"))
            )


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


@pytest.mark.parametrize("role", ROLES)
def test_what_changes_something_is_named_action_by_action(role: Role) -> None:
    assert [action for action in _writes(role) if "*" in action or "?" in action] == []
    assert bool(list(_writes(role))) is (role != "preview")


def test_the_deployer_writes_what_it_uploads_and_reads_no_data() -> None:
    deploy = login_policy("deploy", AwsArns(sandbox(protection__deletion=True)))
    bucket = ARNS.bucket.replace("*-", "s3-artifacts-")
    for folder in ("definitions", "code"):
        assert _allowed(deploy, "s3:PutObject", f"{bucket}/{folder}/one")
    for folder in ("data", "models", "evaluation", "prepared"):
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert not _allowed(deploy, action, f"{bucket}/{folder}/one")
    loose = login_policy("deploy", AwsArns(sandbox(protection__deletion=False)))
    assert _allowed(loose, "s3:DeleteObjectVersion", f"{bucket}/data/one")
    assert not _allowed(loose, "s3:GetObject", f"{bucket}/data/one")


@pytest.mark.parametrize("service", ["sagemaker", "events", "vpc-flow-logs"])
def test_roles_are_handed_to_the_services_that_use_them_and_no_other(service: str) -> None:
    deploy = login_policy("deploy", ARNS)
    assert _asked(deploy, "iam:PassRole", OTHER_ROLE, {"iam:PassedToService": [f"{service}.amazonaws.com"]})
    assert not _asked(deploy, "iam:PassRole", OTHER_ROLE, {"iam:PassedToService": ["lambda.amazonaws.com"]})
    assert not _asked(deploy, "iam:PassRole", LOGIN, {"iam:PassedToService": [f"{service}.amazonaws.com"]})


@pytest.mark.parametrize(
    ("action", "resource", "mine", "foreign"),
    [
        ("ec2:DeleteVpc", "vpc/x", OURS, THEIRS),
        ("ec2:DeleteVpc", "vpc/x", OURS, {}),
        ("ec2:CreateSubnet", "vpc/x", OURS, THEIRS),
        ("ec2:RevokeSecurityGroupEgress", "security-group/x", {}, THEIRS),
        ("ec2:CreateTags", "security-group/x", MADE_OURS, {**MADE_OURS, **THEIRS}),
        ("ec2:CreateFlowLogs", "vpc-flow-log/x", {}, THEIRS),
    ],
)
def test_what_belongs_to_others_in_the_account_is_left_alone(
    action: str, resource: str, mine: dict[str, list[str]], foreign: dict[str, list[str]]
) -> None:
    deploy, arn = login_policy("deploy", ARNS), ARNS.regional("ec2", resource)
    assert _asked(deploy, action, arn, mine)
    assert not _asked(deploy, action, arn, foreign)


def test_the_trust_in_entra_is_the_one_of_our_tenant() -> None:
    deploy = login_policy("deploy", ARNS)
    tenant = sandbox().azure.tenant_id
    ours = ARNS.oidc_provider(f"login.microsoftonline.com/{tenant}/v2.0")
    assert _allowed(deploy, "iam:CreateOpenIDConnectProvider", ours)
    other = ARNS.oidc_provider("login.microsoftonline.com/00000000-0000-4000-8000-00000000dead/v2.0")
    assert not _allowed(deploy, "iam:CreateOpenIDConnectProvider", other)


@pytest.mark.parametrize("in_a_network", [True, False])
def test_the_boundary_leaves_every_role_of_sagemaker_what_its_policy_allows(*, in_a_network: bool) -> None:
    environment = sandbox() if in_a_network else sandbox(sagemaker__network=None)
    run = run_program(sagemaker, environment, IdentityOutputs)
    boundary = statements_of(_text(boundary_policy(AwsArns(environment))))
    policies = run.all("iam/rolePolicy:RolePolicy")
    assert {"job", "pipeline", "azure-training"} <= set(policies)
    outside = [
        (name, action, resource)
        for name, one in policies.items()
        for statement in statements_of(one.inputs["policy"])
        if statement.effect == "Allow"
        for action, resource in _examples(statement)
        if not _fits(boundary, action, resource)
    ]
    assert outside == []


def _examples(statement: PolicyStatement) -> Iterator[tuple[str, str]]:
    """Yield an action and resource for each of a statement's, with something in place of wildcards."""
    for action in statement.actions:
        for resource in statement.resources:
            yield action.replace("*", "Any"), resource.replace("*", "any")


def _fits(boundary: tuple[PolicyStatement, ...], action: str, resource: str) -> bool:
    context = {"iam:PassedToService": ["sagemaker.amazonaws.com"]}
    return aws_allows(boundary, AwsRequest(action=action, resource=resource, context=context))
