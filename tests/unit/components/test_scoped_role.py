"""A role begins with its trust, stays inside the boundary, and gets one policy."""

import json

import pulumi

from shared.components import tokens
from shared.components.policy_document import Statement
from shared.components.scoped_role import ScopedRole
from tests.unit.stack_mocks import Run, record

BOUNDARY = "arn:aws:iam::000000000000:policy/boundary"


def _run(*, grant: bool) -> Run:
    trust = Statement(sid="Trust", actions=["sts:AssumeRole"], principals={"Service": "sagemaker.amazonaws.com"})

    def declare() -> dict[str, pulumi.Output[str]]:
        role = ScopedRole(
            "job",
            role_name="role-job",
            description="Runs jobs",
            trust=trust,
            boundary_arn=pulumi.Output.from_input(BOUNDARY),
            tags={"a": "b"},
        )
        if grant:
            role.grant([Statement(sid="Read", actions=["s3:GetObject"], resources=[pulumi.Output.concat("a", "b")])])
        return {"arn": role.arn}

    return record(declare)


def test_has_a_boundary_a_trust_and_tags() -> None:
    run = _run(grant=False)
    assert run.resources[0].type == tokens.SCOPED_ROLE
    role = run.one("Role", "job").inputs
    assert role["permissionsBoundary"] == BOUNDARY
    assert role["name"] == "role-job"
    assert role["tags"] == {"a": "b"}
    assert role["maxSessionDuration"] == 3600
    assert list(run.policy("Role", "job", "assumeRolePolicy")) == ["Trust"]
    assert "managedPolicyArns" not in role
    assert not run.all("RolePolicy")
    assert run.outputs["arn"].endswith(":role/role-job")


def test_gets_its_permissions_later() -> None:
    policy = _run(grant=True).one("RolePolicy", "job").inputs
    assert policy["role"] == "role-job"
    statement = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["ab"]}
    assert json.loads(policy["policy"]) == {"Version": "2012-10-17", "Statement": [statement]}
