"""Every Entra model: its shape against the SDK, its ids, what it says, what it refuses, what replaces it."""

import inspect
import re
from pathlib import Path

import pulumi_azuread as entra
import pytest

from shared.sandbox.catalog.azuread import AZUREAD
from shared.sandbox.wire import UNKNOWN, Properties
from tests.sandbox.aws_platform import GITHUB, Made
from tests.sandbox.entra_platform import ROLE, SCOPE, STEPS, build
from tests.sandbox.sdk_shape import input_problems, output_problems
from tests.sandbox.simulated_cloud import CLOUD, RefusedError, SimulatedCloud, simulated_cloud

APPLICATION = "azuread:index/application:Application"
URI = "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri"
CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
GROUP = "azuread:index/group:Group"
MEMBER = "azuread:index/groupMember:GroupMember"
ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"
GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def test_the_platform_has_every_type() -> None:
    assert {token for _, token, _ in STEPS} == set(AZUREAD.resources)


@pytest.mark.parametrize("token", sorted(AZUREAD.resources))
def test_a_model_takes_what_the_sdk_class_takes(token: str) -> None:
    assert input_problems(AZUREAD.resources[token]) == []


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_outputs_have_the_shape_that_the_sdk_reads(made: Made, name: str) -> None:
    assert output_problems(made[name].token, made[name].outputs) == []


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_reading_and_updating_show_what_was_created(cloud: SimulatedCloud, made: Made, name: str) -> None:
    assert cloud.read(made[name]) == made[name].outputs
    assert cloud.update(made[name]).outputs == made[name].outputs


@pytest.mark.parametrize("token", sorted(AZUREAD.resources))
def test_a_preview_knows_nothing_where_no_input_is_known(cloud: SimulatedCloud, token: str) -> None:
    outputs = cloud.previewed(token, dict.fromkeys(AZUREAD.resources[token].properties, UNKNOWN))
    assert set(outputs.values()) == {UNKNOWN}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("application", f"/applications/{GUID}"),
        ("uri", f"/applications/{GUID}/identifierUris/[A-Za-z0-9+/=]+"),
        ("principal", f"/servicePrincipals/{GUID}"),
        ("credential", f"{GUID}/federatedIdentityCredential/{GUID}"),
        ("group", f"/groups/{GUID}"),
        ("member", f"{GUID}/member/{GUID}"),
        ("assignment", f"/servicePrincipals/{GUID}/appRoleAssignedTo/[A-Za-z0-9_-]{{43}}"),
    ],
)
def test_ids_have_the_provider_s_form(made: Made, name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, made[name].id)


def test_an_application_has_an_object_id_and_another_client_id(made: Made) -> None:
    outputs = made["application"].outputs
    assert made["application"].id == f"/applications/{outputs['objectId']}"
    assert outputs["clientId"] != outputs["objectId"]
    assert outputs["appRoleIds"] == {"Model.Score": ROLE}
    assert outputs["oauth2PermissionScopeIds"] == {"read": SCOPE}


def test_a_service_principal_speaks_for_its_application(made: Made) -> None:
    outputs = made["principal"].outputs
    assert outputs["displayName"] == "ai-system"
    assert outputs["servicePrincipalNames"] == [made["uri"].inputs["identifierUri"]]
    assert outputs["appRoleIds"] == {"Model.Score": ROLE}
    assert outputs["homepageUrl"] == "https://ai.example.com"
    assert outputs["applicationTenantId"] == CLOUD.tenant_id


def test_an_assignment_names_both_sides(made: Made) -> None:
    outputs = made["assignment"].outputs
    names = [outputs[key] for key in ("principalDisplayName", "principalType", "resourceDisplayName")]
    assert names == ["ci", "ServicePrincipal", "ai-system"]


def test_the_deployer_owns_a_group_without_owners(cloud: SimulatedCloud, made: Made) -> None:
    client = cloud.invoke("azuread:index/getClientConfig:getClientConfig")
    assert client["tenantId"] == CLOUD.tenant_id
    assert made["group"].outputs["owners"] == [client["objectId"]]
    cloud.create(APPLICATION, {"displayName": "owned", "owners": [client["objectId"]]})


def test_a_managed_identity_can_be_a_member_and_hold_a_role(cloud: SimulatedCloud, made: Made) -> None:
    place = {"resourceGroupName": "rg-entra", "location": "westeurope"}
    cloud.create("azure-native:resources:ResourceGroup", place)
    token = "azure-native:managedidentity:UserAssignedIdentity"
    principal = cloud.create(token, {**place, "resourceName": "id-compute"}).outputs["principalId"]
    cloud.create(MEMBER, {**made["member"].inputs, "memberObjectId": principal})
    held = cloud.create(ASSIGNMENT, {**made["assignment"].inputs, "principalObjectId": principal})
    assert held.outputs["principalType"] == "ServicePrincipal"


@pytest.mark.parametrize(
    ("name", "changed", "replaces"),
    [
        ("application", {"displayName": "other"}, False),
        ("application", {"templateId": "other"}, True),
        ("uri", {"identifierUri": "other"}, True),
        ("principal", {"clientId": "other"}, True),
        ("principal", {"appRoleAssignmentRequired": False}, False),
        ("credential", {"applicationId": "other"}, True),
        ("credential", {"displayName": "other"}, True),
        ("credential", {"subject": "other"}, False),
        ("group", {"displayName": "other"}, False),
        ("group", {"mailNickname": "other"}, True),
        ("member", {"memberObjectId": "other"}, True),
        ("assignment", {"appRoleId": "other"}, True),
    ],
)
def test_a_change_replaces_where_the_provider_forces_a_new_resource(
    cloud: SimulatedCloud, made: Made, name: str, changed: Properties, *, replaces: bool
) -> None:
    found = cloud.diff(made[name], **changed)
    assert bool(found.replaces) is replaces
    assert found.changed


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("application", {}, "ResourceAlreadyExists"),
        ("group", {}, "ResourceAlreadyExists"),
        ("uri", {}, "Request_MultipleObjectsWithSameKeyValue"),
        ("principal", {}, "Request_MultipleObjectsWithSameKeyValue"),
        ("credential", {}, "Request_MultipleObjectsWithSameKeyValue"),
        ("credential", {"displayName": "github-other"}, "InvalidFederatedIdentityCredentialValue"),
        ("member", {}, "Request_BadRequest"),
        ("assignment", {}, "InvalidUpdate"),
    ],
)
def test_what_is_there_already_is_refused(
    cloud: SimulatedCloud, made: Made, name: str, changed: Properties, code: str
) -> None:
    assert code in cloud.refusal(made[name].token, {**made[name].inputs, **changed})


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("application", {"displayName": "new", "owners": [NOBODY]}, "Request_ResourceNotFound"),
        ("group", {"displayName": "new", "owners": [NOBODY]}, "Request_ResourceNotFound"),
        ("group", {"displayName": "new", "members": [NOBODY]}, "Request_ResourceNotFound"),
        ("uri", {"applicationId": f"/applications/{NOBODY}"}, "Request_ResourceNotFound"),
        ("principal", {"clientId": NOBODY}, "NoBackingApplicationObject"),
        ("credential", {"applicationId": f"/applications/{NOBODY}"}, "Request_ResourceNotFound"),
        ("member", {"groupObjectId": NOBODY}, "Request_ResourceNotFound"),
        ("member", {"memberObjectId": NOBODY}, "Request_ResourceNotFound"),
        ("assignment", {"principalObjectId": NOBODY}, "Request_ResourceNotFound"),
        ("assignment", {"resourceObjectId": NOBODY}, "Request_ResourceNotFound"),
        ("assignment", {"appRoleId": NOBODY}, "Permission being assigned was not found"),
    ],
)
def test_what_is_named_must_exist(cloud: SimulatedCloud, made: Made, name: str, changed: Properties, code: str) -> None:
    assert code in cloud.refusal(made[name].token, {**made[name].inputs, **changed})


@pytest.mark.parametrize(
    ("token", "inputs", "problem"),
    [
        (APPLICATION, {"displayName": "new", "password": {"displayName": "p"}}, "NotModelled"),
        (APPLICATION, {"displayName": "new", "identifierUris": ["https://a.example"]}, "HostNameNotOnVerifiedDomain"),
        (
            APPLICATION,
            {"displayName": "new", "appRoles": [{"id": ROLE, "value": "a"}, {"id": ROLE, "value": "b"}]},
            "duplicate values",
        ),
        (
            APPLICATION,
            {"displayName": "new", "signInAudience": "AzureADandPersonalMicrosoftAccount"},
            "requestedAccessTokenVersion",
        ),
        (GROUP, {"displayName": "new"}, "mailEnabled and securityEnabled"),
        (GROUP, {"displayName": "", "securityEnabled": True}, "Request_BadRequest"),
    ],
)
def test_inputs_that_contradict_each_other_are_refused(
    cloud: SimulatedCloud, token: str, inputs: Properties, problem: str
) -> None:
    assert problem in cloud.refusal(token, inputs)


@pytest.mark.parametrize("name", ["ab", "-abc", "a b", "a" * 121])
def test_a_credential_s_name_follows_the_rule(cloud: SimulatedCloud, made: Made, name: str) -> None:
    inputs = {**made["credential"].inputs, "displayName": name}
    assert "Request_BadRequest" in cloud.refusal(CREDENTIAL, inputs)


def test_a_credential_has_one_audience(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {**made["credential"].inputs, "displayName": "github-two", "subject": "x", "audiences": ["a", "b"]}
    assert "exactly one value" in cloud.refusal(CREDENTIAL, inputs)


def test_an_identifier_uri_has_the_application_s_or_tenant_s_id(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {**made["uri"].inputs, "identifierUri": "api://ai-system"}
    assert "HostNameNotOnVerifiedDomain" in cloud.refusal(URI, inputs)
    cloud.create(URI, {**inputs, "identifierUri": f"api://{CLOUD.tenant_id}/ai-system"})


def test_names_may_repeat_unless_that_is_prevented(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        first = cloud.create(APPLICATION, {"displayName": "same"})
        second = cloud.create(APPLICATION, {"displayName": "same"})
        assert first.id != second.id
        with pytest.raises(RefusedError, match="ResourceAlreadyExists"):
            cloud.update(second, preventDuplicateNames=True)
        cloud.delete(first)
        cloud.update(second, preventDuplicateNames=True)


def test_an_application_has_at_most_twenty_credentials(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        application = cloud.create(APPLICATION, {"displayName": "busy"}).id
        common = {"applicationId": application, "issuer": GITHUB, "audiences": ["api://AzureADTokenExchange"]}
        for number in range(20):
            cloud.create(CREDENTIAL, {**common, "displayName": f"name-{number}", "subject": f"subject-{number}"})
        with pytest.raises(RefusedError, match="at most 20"):
            cloud.create(CREDENTIAL, {**common, "displayName": "name-20", "subject": "subject-20"})


def test_a_principal_of_an_application_of_microsoft_s_is_adopted(cloud: SimulatedCloud) -> None:
    graph = {"clientId": "00000003-0000-0000-c000-000000000000"}
    assert "NoBackingApplicationObject" in cloud.refusal(PRINCIPAL, graph)
    assert cloud.create(PRINCIPAL, {**graph, "useExisting": True}).outputs["servicePrincipalNames"] == []


GRAPH = "00000003-0000-0000-c000-000000000000"
LOOK_UP = "azuread:index/getServicePrincipal:getServicePrincipal"
READ_APPLICATIONS = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"


def test_graph_s_principal_is_found_in_every_tenant_and_belongs_to_it(cloud: SimulatedCloud) -> None:
    before = cloud.inventory.all()
    found = cloud.invoke(LOOK_UP, clientId=GRAPH)
    assert found["displayName"] == "Microsoft Graph"
    assert found["appRoleIds"]["Application.Read.All"] == READ_APPLICATIONS
    assert found["id"] == f"/servicePrincipals/{found['objectId']}"
    assert cloud.inventory.all() == before


def test_the_answer_has_the_shape_that_the_sdk_reads(cloud: SimulatedCloud, made: Made) -> None:
    for client in (GRAPH, made["principal"].inputs["clientId"]):
        answer = cloud.invoke(LOOK_UP, clientId=client)
        names = inspect.signature(entra.GetServicePrincipalResult).parameters
        assert {re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", key) for key in answer} == set(names)


def test_a_principal_is_looked_up_by_one_thing_and_must_exist(cloud: SimulatedCloud, made: Made) -> None:
    own = made["principal"].outputs
    assert cloud.invoke(LOOK_UP, displayName="ai-system")["objectId"] == own["objectId"]
    assert cloud.invoke(LOOK_UP, objectId=own["objectId"])["clientId"] == own["clientId"]
    for asked in ({"clientId": NOBODY}, {}, {"clientId": own["clientId"], "displayName": "ai-system"}):
        with pytest.raises(RefusedError, match="No service principal was found"):
            cloud.invoke(LOOK_UP, **asked)


def test_graph_gives_services_the_permissions_that_it_has(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {
        "resourceObjectId": cloud.invoke(LOOK_UP, clientId=GRAPH)["objectId"],
        "principalObjectId": made["ci"].outputs["objectId"],
        "appRoleId": READ_APPLICATIONS,
    }
    assert cloud.create(ASSIGNMENT, inputs).outputs["resourceDisplayName"] == "Microsoft Graph"
    for wrong in ({"appRoleId": NOBODY}, {"principalObjectId": made["group"].outputs["objectId"]}):
        assert "Permission being assigned was not found" in cloud.refusal(ASSIGNMENT, {**inputs, **wrong})


@pytest.mark.parametrize(
    ("members", "refused"), [(["User"], "ci"), (["Application"], "group"), (["User", "Application"], None)]
)
def test_a_role_is_for_users_and_their_groups_or_for_applications(
    tmp_path: Path, members: list[str], refused: str | None
) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        role = {
            **made["application"].inputs["appRoles"][0],
            "id": NOBODY,
            "value": "Other",
            "allowedMemberTypes": members,
        }
        cloud.update(made["application"], appRoles=[*made["application"].inputs["appRoles"], role])
        for name in ("ci", "group"):
            inputs = {**made["assignment"].inputs, "appRoleId": NOBODY}
            inputs["principalObjectId"] = made[name].outputs["objectId"]
            if name == refused:
                assert "Permission being assigned was not found" in cloud.refusal(ASSIGNMENT, inputs)
            else:
                kind = cloud.create(ASSIGNMENT, inputs).outputs["principalType"]
                assert kind == ("Group" if name == "group" else "ServicePrincipal")


def test_everything_can_be_deleted_in_reverse(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        for resource in reversed(build(cloud).values()):
            cloud.delete(resource)
        assert cloud.inventory.all() == []
