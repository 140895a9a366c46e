"""The identity stack registers every principal, with no password anywhere."""

import re
from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockResourceArgs
from pulumi_azure_native import machinelearningservices

from shared.components import azure_role
from shared.environment import Environment
from stacks.identity.program import program
from tests.simulated_stack import simulated_stack
from tests.unit.mock_clouds import Clouds
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, run_program

ENVIRONMENT = sandbox()


@pytest.fixture(scope="module")
def run() -> Run:
    return run_program(program, ENVIRONMENT)


def test_the_identities_exist_before_any_service(run: Run) -> None:
    assert set(run.outputs["principals"]) == {"cmk", "workspace", "compute", "endpoint", "watcher"}
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


def test_every_role_of_the_application_is_held_by_one_group_or_service(run: Run) -> None:
    roles = {role["id"]: role for role in run.one("index/application:Application", "ai-system").inputs["appRoles"]}
    assignments = [
        one.inputs
        for one in run.all("index/appRoleAssignment:AppRoleAssignment").values()
        if one.inputs["resourceObjectId"] == run.outputs["app_service_principal"]
    ]
    held = {roles[one["appRoleId"]]["value"]: one["principalObjectId"] for one in assignments}
    assert held == {
        "Model.Score": run.outputs["groups"]["scoring_clients"],
        "Model.Read": run.outputs["principals"]["compute"],
        "Config.Write": run.outputs["groups"]["ml_admins"],
    }
    groups = set(run.outputs["groups"].values())
    for one in assignments:
        member = "User" if one["principalObjectId"] in groups else "Application"
        assert member in roles[one["appRoleId"]]["allowedMemberTypes"]


GRAPH = "00000003-0000-0000-c000-000000000000/principal"
PERMISSIONS = {
    "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30": "Application.Read.All",
    "18a4783c-866b-4cc7-a460-3d5e5662c884": "Application.ReadWrite.OwnedBy",
    "5b567255-7703-4780-807c-7be8301ae99b": "Group.Read.All",
    "bf7b1a76-6e77-406b-b258-bf5c7720e98f": "Group.Create",
}


def test_logins_have_no_more_of_graph_than_they_need(run: Run) -> None:
    assignments = [one.inputs for one in run.all("index/appRoleAssignment:AppRoleAssignment").values()]
    given = {
        (one["principalObjectId"].split("/")[0], PERMISSIONS[one["appRoleId"]])
        for one in assignments
        if one["resourceObjectId"] == GRAPH
    }
    assert given == {
        ("gha-preview", "Application.Read.All"),
        ("gha-preview", "Group.Read.All"),
        ("gha-identity", "Application.Read.All"),
        ("gha-identity", "Group.Read.All"),
        ("gha-identity", "Application.ReadWrite.OwnedBy"),
        ("gha-identity", "Group.Create"),
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


def test_scanning_for_malware_is_switched_on_by_a_login_that_may() -> None:
    names = {
        defender: {
            role.split("-", 2)[2]
            for _, principal, role in run_program(program, sandbox(protection__defender=defender)).granted()
            if principal.startswith("gha-deploy")
        }
        for defender in (True, False)
    }
    assert names[True] - names[False] == {"defender-scanner-operator"}


@pytest.mark.parametrize("locks", [True, False])
def test_logins_on_azure_have_no_more_than_they_need(*, locks: bool) -> None:
    run = run_program(program, sandbox(protection__locks=locks, protection__defender=False, logs__flow_logs=False))
    roles = {(principal.split("/")[0], role.split("-", 2)[2]) for _, principal, role in run.granted()}
    assert roles == {
        ("gha-preview", "reader"),
        ("gha-deploy", "contributor"),
        ("gha-deploy", "configuration-data-owner"),
        ("gha-deploy", "rbac-administrator"),
        ("gha-identity", "platform-deployer"),
        ("gha-identity", "rbac-administrator"),
        *([("gha-deploy", "lock-keeper")] if locks else []),
    }


def test_flow_logs_lie_outside_of_the_group_and_nothing_else_that_a_login_changes(run: Run) -> None:
    subscription = f"/subscriptions/{ENVIRONMENT.azure.subscription_id}"
    wide = {one.name for one in run.all("authorization:RoleAssignment").values() if one.inputs["scope"] == subscription}
    assert wide == {"subscription-gha-deploy-flow-log-keeper"}
    keeper = run.one("authorization:RoleDefinition", "flow-log-keeper").inputs["permissions"][0]["actions"]
    kind = "Microsoft.Network/networkWatchers/flowLogs"
    assert set(keeper) == {f"{kind}/read", f"{kind}/write", f"{kind}/delete"}


def test_who_may_grant_has_a_condition_and_who_may_not_has_none(run: Run) -> None:
    for one in run.all("authorization:RoleAssignment").values():
        grants = one.inputs["roleDefinitionId"].endswith(azure_role.RBAC_ADMINISTRATOR.guid)
        assert bool(one.inputs.get("condition")) is grants
        assert one.inputs.get("conditionVersion") == ("2.0" if grants else None)


def test_role_assignments_name_the_kind_of_principal_and_replace_safely(run: Run) -> None:
    assignments = run.all("authorization:RoleAssignment").values()
    assert {one.inputs["principalType"] for one in assignments} == {"ServicePrincipal"}
    assert {one.replace_on_changes for one in assignments} == {("roleDefinitionId",)}
    assert all(one.delete_before_replace for one in assignments)
    assert len({one.inputs["roleAssignmentName"] for one in assignments}) == len(assignments)


def test_role_assignments_keep_their_ids_in_every_run(run: Run) -> None:
    def ids(found: Run) -> dict[str, str]:
        assignments = found.all("authorization:RoleAssignment")
        return {name: one.inputs["roleAssignmentName"] for name, one in assignments.items()}

    assert ids(run) == ids(run_program(program, ENVIRONMENT))
    again = run_program(program, sandbox(generation=2))
    assert not set(ids(run).values()) & set(ids(again).values())


def test_roles_are_assigned_after_they_are_defined(run: Run) -> None:
    definitions = {
        one.inputs["roleDefinitionId"]: name for name, one in run.all("authorization:RoleDefinition").items()
    }
    ours = 0
    for one in run.all("authorization:RoleAssignment").values():
        name = definitions.get(one.inputs["roleDefinitionId"].rpartition("/")[2])
        assert name is None or name in one.after
        ours += name is not None
    assert ours >= 2


@pytest.mark.parametrize("locks", [True, False])
def test_own_roles_allow_one_thing_in_the_resource_group(*, locks: bool) -> None:
    run = run_program(program, sandbox(protection__locks=locks, logs__flow_logs=False))
    actions = {
        name: set(one.inputs["permissions"][0]["actions"])
        for name, one in run.all("authorization:RoleDefinition").items()
    }
    verbs = ("read", "write", "delete")
    wanted = {
        "endpoint-scorer": {"Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"},
        "platform-deployer": {
            f"{kind}/{verb}"
            for kind in (
                "Microsoft.Authorization/policyAssignments",
                "Microsoft.Authorization/roleDefinitions",
                "Microsoft.ManagedIdentity/userAssignedIdentities",
                "Microsoft.Resources/subscriptions/resourceGroups",
            )
            for verb in verbs
        },
    }
    keeper = {"lock-keeper": {f"Microsoft.Authorization/locks/{verb}" for verb in verbs}}
    assert actions == wanted | (keeper if locks else {})


def test_no_login_can_change_a_role_that_is_ours(run: Run) -> None:
    # Who changes a role needs the right on each of its assignable scopes, and every login has its rights below this.
    subscription = f"/subscriptions/{ENVIRONMENT.azure.subscription_id}"
    assert {tuple(one.inputs["assignableScopes"]) for one in run.all("authorization:RoleDefinition").values()} == {
        (subscription,)
    }
    wide = [one for one in run.all("authorization:RoleAssignment").values() if one.inputs["scope"] == subscription]
    changing = {
        name
        for name, one in run.all("authorization:RoleDefinition").items()
        if any(action.startswith("Microsoft.Authorization/") for action in one.inputs["permissions"][0]["actions"])
    }
    assert "platform-deployer" in changing
    assert not [one.name for one in wide if any(one.name.endswith(name) for name in changing)]


@pytest.mark.parametrize("protected", [True, False])
def test_the_resource_group_is_protected_where_the_environment_says_so(*, protected: bool) -> None:
    run = run_program(program, sandbox(protection__deletion=protected))
    assert run.one("resources:ResourceGroup").protect is protected


def test_every_azure_and_aws_resource_is_tagged(run: Run) -> None:
    taggable = {"resources:ResourceGroup", "managedidentity:UserAssignedIdentity", "iam/role:Role", "iam/policy:Policy"}
    found = [one for one in run.resources if one.type.split(":", 1)[1] in taggable]
    assert len(found) == 10
    assert {one.inputs["tags"]["stack"] for one in found} == {"identity"}


def test_names_of_another_environment_differ() -> None:
    other = Environment.model_validate({**ENVIRONMENT.model_dump(), "name": "dev"})
    ours, theirs = run_program(program, ENVIRONMENT), run_program(program, other)
    guids = [
        {one.inputs["roleAssignmentName"] for one in run.all("authorization:RoleAssignment").values()}
        for run in (ours, theirs)
    ]
    assert not guids[0] & guids[1]


def test_an_application_has_one_credential_so_none_is_written_beside_another(run: Run) -> None:
    # Entra answers concurrent writes to the credentials of one application with a conflict.
    credentials = run.all("index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential")
    applications = [one.inputs["applicationId"] for one in credentials.values()]
    assert len(set(applications)) == len(applications) == 3
    assert all(one.delete_before_replace for one in credentials.values())
    assert not run.all("managedidentity:FederatedIdentityCredential")


def test_identities_go_in_as_a_list_and_come_back_as_a_map() -> None:
    # What only gives inputs back fails in the SDK: no stand-in for Azure may do that.
    class Echo(Clouds):
        def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
            return f"{args.name}-id", dict(args.inputs)

    def declare(cloud: Clouds) -> Any:
        found: dict[str, Any] = {}

        @pulumi.runtime.test
        def whole_program() -> pulumi.Output[Any]:
            workspace = machinelearningservices.Workspace(
                "one",
                resource_group_name="rg",
                identity=machinelearningservices.ManagedServiceIdentityArgs(
                    type="UserAssigned", user_assigned_identities=["/an/id"]
                ),
            )
            return workspace.identity.apply(lambda block: found.update(ids=block and block.user_assigned_identities))

        with simulated_stack(cloud, project="sample", stack="sandbox"):
            whole_program()
        return found["ids"]

    assert set(declare(Clouds())) == {"/an/id"}
    with pytest.raises(AssertionError, match="Unexpected type"):
        declare(Echo())
