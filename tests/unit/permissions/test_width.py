"""No identity may do more, or less, than its review says: in no environment."""

import dataclasses
from collections.abc import Iterator

import pytest

from shared.components import azure_role
from shared.permissions.aws_calls import AWS_CALLS, only_reads
from shared.permissions.aws_policy import AwsRequest, PolicyStatement, aws_allows, statements_of
from shared.permissions.azure_requests import PREFIX as AZURE
from shared.permissions.azure_roles import BUILT_IN
from shared.permissions.graph_permissions import TO_WRITE
from shared.permissions.logins import LOGINS
from shared.permissions.reviewed.all_grants import APP_ROLES, OWN_ROLES, POLICIES, ROLES
from shared.permissions.reviewed.unneeded import UNNEEDED
from shared.permissions.reviewed.when import holds
from shared.permissions.role_condition import Asked, condition_test
from shared.permissions.width import role_findings, statement_findings
from shared.permissions.wildcard import matches
from tests.unit.permissions.program_grants import ENVIRONMENTS, ProgramGrants, program_grants

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
GROUPS = ("ml-admins", "data-scientists", "scoring-clients")
# These let their holder grant roles. A condition of its own limits the role of Defender's operator.
GRANTING = ("owner", "rbac-administrator", "user-access-administrator")


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def grants(request: pytest.FixtureRequest) -> ProgramGrants:
    return program_grants(str(request.param))


@pytest.fixture(scope="module")
def prod() -> ProgramGrants:
    return program_grants("prod")


def test_every_role_on_azure_is_as_reviewed(grants: ProgramGrants) -> None:
    assert role_findings(grants.environment, ROLES, grants.roles) == []


def test_every_policy_on_aws_is_as_reviewed(grants: ProgramGrants) -> None:
    findings = [
        finding
        for policy in sorted(POLICIES.keys() | grants.policies.keys())
        for finding in statement_findings(
            grants.environment, policy, POLICIES.get(policy, ()), grants.policies.get(policy, ())
        )
    ]
    assert findings == []


def test_every_role_that_we_define_is_as_reviewed(grants: ProgramGrants) -> None:
    reviewed = {one.name: one.actions for one in OWN_ROLES if holds(one.when, grants.environment)}
    assert {name: role.everything for name, role in grants.own_roles.items()} == reviewed


def test_every_app_role_is_as_reviewed(grants: ProgramGrants) -> None:
    assert grants.app_roles == {(one.to, one.permission) for one in APP_ROLES}


def test_only_logins_grant_and_each_has_a_condition(grants: ProgramGrants) -> None:
    granting = {one.to for one in grants.roles if one.role in GRANTING}
    assert granting == set(grants.conditions) == {"gha-deploy", "gha-identity"}


def test_the_deploy_login_may_grant_what_the_later_stacks_grant_and_nothing_else() -> None:
    granted = {
        (one.to, one.role) for name in ENVIRONMENTS for one in program_grants(name).roles if one.to not in LOGINS
    }
    assert may_grant(program_grants("sandbox"), "gha-deploy") == granted


def test_the_identity_login_may_grant_the_other_logins_their_roles_and_nothing_to_itself(
    grants: ProgramGrants,
) -> None:
    granted = {
        (one.to, one.role)
        for one in grants.roles
        if one.to in ("gha-preview", "gha-deploy") and one.role not in GRANTING and one.on != "subscription"
    }
    assert may_grant(grants, "gha-identity") == granted


def may_grant(grants: ProgramGrants, login: str) -> set[tuple[str, str]]:
    """Return each principal and role that a login may grant, and take away again."""
    test = condition_test(grants.conditions[login])
    kinds = {name: "Group" if name in GROUPS else "ServicePrincipal" for name in grants.principals}
    return {
        (name, role)
        for name, principal in grants.principals.items()
        for role, guid in grants.role_guids.items()
        if all(
            test(
                Asked(
                    action=f"{ASSIGNMENTS}/{verb}",
                    attributes={
                        f"{source}[{ASSIGNMENTS}:RoleDefinitionId]": guid,
                        f"{source}[{ASSIGNMENTS}:PrincipalId]": principal,
                        f"{source}[{ASSIGNMENTS}:PrincipalType]": kinds[name],
                    },
                )
            )
            for verb, source in (("write", "@Request"), ("delete", "@Resource"))
        )
    }


def test_no_login_grants_to_a_person(grants: ProgramGrants) -> None:
    request = {
        f"@Request[{ASSIGNMENTS}:RoleDefinitionId]": grants.role_guids["reader"],
        f"@Request[{ASSIGNMENTS}:PrincipalId]": grants.principals["gha-preview"],
        f"@Request[{ASSIGNMENTS}:PrincipalType]": "User",
    }
    asked = Asked(action=f"{ASSIGNMENTS}/write", attributes=request)
    assert [login for login, text in grants.conditions.items() if condition_test(text)(asked)] == []


def test_a_wider_role_is_told(prod: ProgramGrants) -> None:
    wider = dataclasses.replace(next(one for one in prod.roles if one.to == "compute"), role="contributor")
    (finding,) = role_findings(prod.environment, ROLES, [*prod.roles, wider])
    assert finding.startswith("prod: compute: contributor on ")
    assert "was not reviewed" in finding


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"actions": ("s3:*",)}, "actions that were not reviewed: s3:*"),
        ({"resources": ("*",)}, "resources that were not reviewed: *"),
        (
            {"conditions": {"StringLike": {"s3:prefix": ("*",)}}},
            "conditions that were not reviewed: StringLike s3:prefix *",
        ),
        ({"conditions": {}}, "conditions that are reviewed and not there: StringLike s3:prefix models/*"),
        ({"principals": ("*",)}, "principals that were not reviewed: *"),
        ({"effect": "Deny"}, "its effect is Deny, not Allow"),
        ({"sid": "More"}, "statement More was not reviewed"),
    ],
)
def test_a_wider_statement_is_told(prod: ProgramGrants, change: dict[str, object], told: str) -> None:
    policy = "role azure-training"
    listing, *others = prod.policies[policy]
    assert listing.sid == "List"
    wider = dataclasses.replace(listing, **change)
    findings = statement_findings(prod.environment, policy, POLICIES[policy], [wider, *others])
    assert any(told in finding for finding in findings), findings


def test_a_grant_that_is_gone_is_told(prod: ProgramGrants) -> None:
    assert any("reviewed and not granted" in one for one in role_findings(prod.environment, ROLES, prod.roles[1:]))
    assert statement_findings(prod.environment, "role start", POLICIES["role start"], [])


def test_every_type_in_use_has_its_calls(grants: ProgramGrants) -> None:
    types = {one.type for one in grants.resources if not one.type.startswith(("mlplatform:", AZURE))}
    assert sorted(types - AWS_CALLS.keys() - TO_WRITE.keys()) == []


def test_what_a_grant_is_needed_by_exists_in_production(prod: ProgramGrants) -> None:
    types = {one.type for one in prod.resources}
    rows = [*ROLES, *APP_ROLES, *(one for statements in POLICIES.values() for one in statements)]
    assert {needed for one in rows for needed in one.needed_by} - types == set()
    assert [one for one in (*ROLES, *APP_ROLES) if not one.needed_by] == []


def test_every_action_of_a_login_is_needed_or_explained(prod: ProgramGrants) -> None:
    needed = {call.action for calls in AWS_CALLS.values() for call in calls.all}
    unneeded = {
        (policy, pattern)
        for policy in ("role gha-preview", "role gha-deploy", "role gha-identity")
        for statement in prod.policies[policy]
        if statement.effect == "Allow"
        for pattern in statement.actions
        if not any(matches(pattern, action, any_case=True) for action in needed)
    }
    assert unneeded == set(UNNEEDED), "each unneeded action has a reason, and each reason an action"


def test_every_role_fits_into_its_boundary(grants: ProgramGrants) -> None:
    boundary = grants.policies["policy boundary"]
    beyond = [
        f"{policy}, statement {statement.sid}: {request.action} on {request.resource}"
        for policy, statements in grants.policies.items()
        if policy.startswith("role ") and not policy.startswith("role gha-")
        for statement in statements
        if statement.effect == "Allow"
        for request in asked_by(statement)
        if not aws_allows(boundary, request)
    ]
    assert beyond == []


def asked_by(statement: PolicyStatement) -> Iterator[AwsRequest]:
    """Yield requests that a statement allows. A wildcard stands for itself: the boundary must cover it too."""
    # Conditions that hold give the values that the boundary may look at.
    context = {
        key: values
        for operator, tests in statement.conditions.items()
        if operator in ("StringEquals", "StringLike", "Bool")
        for key, values in tests.items()
    }
    for action in statement.actions:
        for resource in statement.resources:
            # In mocks the key's name is written {key}.
            real = "arn:aws:kms:{region}:{account}:key/1" if resource == "{key}" else resource
            image = "arn:aws:ecr:{region}:1:repository/image" if real == "{image}" else real
            yield AwsRequest(action=action, resource=image, context=context)


def test_a_preview_is_granted_reading_only(grants: ProgramGrants) -> None:
    writing = {call.action for calls in AWS_CALLS.values() for call in calls.all if not only_reads(call.action)}
    allowed = [one for one in grants.policies["role gha-preview"] if one.effect == "Allow"]
    patterns = [pattern for one in allowed for pattern in one.actions]
    assert [pattern for pattern in patterns if not only_reads(pattern)] == []
    assert [one for one in writing for pattern in patterns if matches(pattern, one, any_case=True)] == []
    azure = [one for one in grants.roles if one.to == "gha-preview"]
    assert [one.role for one in azure] == ["reader"]
    assert BUILT_IN[azure_role.READER.guid].everything == ("*/read",)


def test_policies_are_read_as_they_are_written() -> None:
    text = '{"Statement": [{"Sid": "S", "Effect": "Allow", "Action": "a:b", "Resource": "c"}]}'
    (statement,) = statements_of(text)
    assert (statement.actions, statement.resources) == (("a:b",), ("c",))
