"""The identity stack registers every principal, with no password anywhere."""

import re

import pytest

from shared.components import azure_role
from shared.environment import Environment
from stacks.identity.azure_logins import GRANTABLE, only_roles
from stacks.identity.program import program
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, run_program

ENVIRONMENT = sandbox()


@pytest.fixture(scope="module")
def run() -> Run:
    return run_program(program, ENVIRONMENT)


def test_four_identities_exist_before_any_service(run: Run) -> None:
    assert set(run.outputs["principals"]) == {"cmk", "workspace", "compute", "endpoint"}
    assert run.outputs["principals"]["compute"].endswith("/principal")
    assert run.outputs["managed_identity_id"] == run.outputs["identity_ids"]["compute"]


def test_no_password_key_or_certificate_exists(run: Run) -> None:
    kinds = {one.type for one in run.resources}
    assert not [kind for kind in kinds if re.search("password|certificate|accesskey|loginprofile", kind, re.IGNORECASE)]
    assert not [one.name for one in run.resources if {"password", "passwords"} & set(one.inputs)]


def test_the_application_lets_in_only_those_with_a_role(run: Run) -> None:
    application = run.one("index/application:Application", "ai-system")
    assert application.inputs["signInAudience"] == "AzureADMyOrg"
    assert {role["value"] for role in application.inputs["appRoles"]} == {"Model.Score", "Model.Read", "Config.Write"}
    assert application.ignore_changes == ("identifierUris",)
    principal = run.one("index/servicePrincipal:ServicePrincipal", "ai-system")
    assert principal.inputs["appRoleAssignmentRequired"] is True
    uri = run.one("index/applicationIdentifierUri:ApplicationIdentifierUri")
    assert uri.inputs["identifierUri"] == f"api://{run.outputs['app_client_id']}"


def test_the_identity_that_aws_trusts_gets_tokens_for_the_application(run: Run) -> None:
    assignment = run.one("index/appRoleAssignment:AppRoleAssignment").inputs
    roles = run.one("index/application:Application", "ai-system").inputs["appRoles"]
    assert assignment == {
        "appRoleId": next(role["id"] for role in roles if role["value"] == "Model.Read"),
        "principalObjectId": run.outputs["principals"]["compute"],
        "resourceObjectId": run.outputs["app_service_principal"],
    }


def test_the_identity_login_owns_everything_but_itself(run: Run) -> None:
    identity = run.one("index/application:Application", "gha-identity")
    assert not identity.inputs.get("owners")
    owned = [
        *(one for name, one in run.all("index/application:Application").items() if name != "gha-identity"),
        *run.all("index/group:Group").values(),
    ]
    assert len(owned) == 6
    assert {tuple(one.inputs["owners"]) for one in owned} == {("gha-identity/principal",)}


SUBJECTS = {
    "classic": "repo:example/ml-platform-infra:environment:",
    "immutable": "repo:example@1/ml-platform-infra@2:environment:",
}


@pytest.mark.parametrize("style", SUBJECTS)
def test_both_clouds_trust_the_exact_subject(style: str) -> None:
    run = run_program(program, sandbox(github__subject_style=style))
    wanted = {
        "gha-preview": f"{SUBJECTS[style]}sandbox-preview",
        "gha-deploy": f"{SUBJECTS[style]}sandbox",
        "gha-identity": f"{SUBJECTS[style]}sandbox-identity",
    }
    credentials = run.all("index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential")
    assert {name: one.inputs["subject"] for name, one in credentials.items()} == wanted
    roles = run.all("iam/role:Role")
    conditions = {
        name: run.policy("iam/role:Role", name, "assumeRolePolicy")["GitHubActions"]["Condition"] for name in roles
    }
    issuer = "token.actions.githubusercontent.com"
    assert {name: one["StringEquals"][f"{issuer}:sub"] for name, one in conditions.items()} == wanted
    assert {one["StringEquals"][f"{issuer}:aud"] for one in conditions.values()} == {"sts.amazonaws.com"}
    assert {name for name, one in conditions.items() if "StringLike" in one} == {"gha-deploy", "gha-identity"}


def test_the_aws_provider_is_made_once_per_account() -> None:
    made = run_program(program, sandbox())
    adopted = run_program(program, sandbox(aws__create_github_provider=False))
    assert len(made.all("iam/openIdConnectProvider:OpenIdConnectProvider")) == 1
    assert not adopted.all("iam/openIdConnectProvider:OpenIdConnectProvider")
    trust = adopted.policy("iam/role:Role", "gha-deploy", "assumeRolePolicy")["GitHubActions"]
    arn = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    assert trust["Principal"] == {"Federated": arn}


def test_logins_on_azure_have_no_more_than_they_need(run: Run) -> None:
    roles = {(principal.split("/")[0], role.split("-", 2)[2]) for _, principal, role in run.granted()}
    assert roles == {
        ("gha-preview", "reader"),
        ("gha-deploy", "contributor"),
        ("gha-deploy", "configuration-data-owner"),
        ("gha-deploy", "rbac-administrator"),
        ("gha-identity", "contributor"),
        ("gha-identity", "user-access-administrator"),
    }
    assignment = run.one("authorization:RoleAssignment", "resource-group-gha-deploy-rbac-administrator").inputs
    assert assignment["conditionVersion"] == "2.0"
    forbidden = {azure_role.RBAC_ADMINISTRATOR, azure_role.USER_ACCESS_ADMINISTRATOR}
    assert not [role for role in forbidden if role.guid in assignment["condition"]]
    assert azure_role.endpoint_scorer(ENVIRONMENT).guid in assignment["condition"]
    others = [one for one in run.all("authorization:RoleAssignment").values() if "rbac-administrator" not in one.name]
    assert {one.inputs.get("condition") for one in others} == {None}


def test_role_assignments_name_the_kind_of_principal_and_replace_safely(run: Run) -> None:
    assignments = run.all("authorization:RoleAssignment").values()
    assert {one.inputs["principalType"] for one in assignments} == {"ServicePrincipal"}
    assert {one.replace_on_changes for one in assignments} == {("roleDefinitionId",)}
    assert all(one.delete_before_replace for one in assignments)
    assert len({one.inputs["roleAssignmentName"] for one in assignments}) == len(assignments)


def test_the_condition_guards_granting_and_taking_away() -> None:
    condition = only_roles(["b", "a"])
    assert condition.count("{a, b}") == 2
    assert "roleAssignments/write'})) OR (@Request[" in condition
    assert "roleAssignments/delete'})) OR (@Resource[" in condition
    assert condition.count("(") == condition.count(")")
    assert len({role.guid for role in GRANTABLE}) == len(GRANTABLE)


@pytest.mark.parametrize("locks", [True, False])
def test_own_roles_allow_one_thing_in_the_resource_group(*, locks: bool) -> None:
    run = run_program(program, sandbox(protection__locks=locks))
    definitions = run.all("authorization:RoleDefinition")
    assert set(definitions) == {"endpoint-scorer", "lock-keeper"} if locks else {"endpoint-scorer"}
    scorer = definitions["endpoint-scorer"].inputs
    assert scorer["permissions"][0]["actions"] == [
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
    ]
    assert scorer["assignableScopes"] == [scorer["scope"]]


@pytest.mark.parametrize("protected", [True, False])
def test_the_resource_group_is_protected_where_the_environment_says_so(*, protected: bool) -> None:
    run = run_program(program, sandbox(protection__deletion=protected))
    assert run.one("resources:ResourceGroup").protect is protected


def test_every_azure_and_aws_resource_is_tagged(run: Run) -> None:
    taggable = {"resources:ResourceGroup", "managedidentity:UserAssignedIdentity", "iam/role:Role", "iam/policy:Policy"}
    found = [one for one in run.resources if one.type.split(":", 1)[1] in taggable]
    assert len(found) == 9
    assert {one.inputs["tags"]["stack"] for one in found} == {"identity"}


def test_names_of_another_environment_differ() -> None:
    other = Environment.model_validate({**ENVIRONMENT.model_dump(), "name": "dev"})
    ours, theirs = run_program(program, ENVIRONMENT), run_program(program, other)
    guids = [
        {one.inputs["roleAssignmentName"] for one in run.all("authorization:RoleAssignment").values()}
        for run in (ours, theirs)
    ]
    assert not guids[0] & guids[1]
