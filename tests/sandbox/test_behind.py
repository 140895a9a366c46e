"""What somebody changes and deletes behind Pulumi's back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.sandbox.behind import changed, deleted, named
from shared.sandbox.errors import BehindError
from shared.sandbox.inventory import Record
from shared.sandbox.property_path import at, parsed, with_value
from shared.sandbox.wire import Json, Secret, hashed
from tests.sandbox.simulated_cloud import CLOUD, Resource, SimulatedCloud, simulated_cloud

GROUP = "azure-native:resources:ResourceGroup"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
REGISTRY = "azure-native:containerregistry:Registry"
VAULT = "azure-native:keyvault:Vault"
SECRET = "azure-native:keyvault:Secret"
BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
APPLICATION = "azuread:index/application:Application"
PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
ENTRA_GROUP = "azuread:index/group:Group"
MEMBER = "azuread:index/groupMember:GroupMember"


@pytest.fixture
def group(cloud: SimulatedCloud, request: pytest.FixtureRequest) -> Resource:
    """A resource group of this test's own."""
    name = re.sub(r"\W", "-", f"rg-{request.node.name}")[-80:].strip("-")
    return cloud.create(GROUP, {"resourceGroupName": name, "location": "westeurope", "tags": {"team": "blue"}})


def live(cloud: SimulatedCloud, resource: Resource) -> Record:
    found = cloud.inventory.find(resource.id, resource.token)
    assert found is not None
    return found


def change(cloud: SimulatedCloud, resource: Resource, path: str, value: Json) -> Record:
    return changed(cloud.inventory, CLOUD, live(cloud, resource), parsed(path), value)


def in_group(group: Resource, **inputs: Json) -> dict[str, Json]:
    return {"resourceGroupName": group.inputs["resourceGroupName"], "location": "westeurope", **inputs}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tags", ("tags",)),
        ("tags.team", ("tags", "team")),
        ("rules[0].access", ("rules", 0, "access")),
        ('tags["cost.center"].x', ("tags", "cost.center", "x")),
        ("a[1][2]", ("a", 1, 2)),
    ],
)
def test_a_path_is_keys_and_indexes(text: str, path: tuple[str | int, ...]) -> None:
    assert parsed(text) == path


@pytest.mark.parametrize("text", ["", ".", "a..b", "a[", "a[x]", "[0]", "a.", 'a["x]', "a]b"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no path of a property"):
        parsed(text)


@pytest.mark.parametrize(
    ("path", "new", "result"),
    [
        ("a.b", 2, {"a": {"b": 2}, "c": [1, {"d": 3}]}),
        ("a.b", None, {"a": {}, "c": [1, {"d": 3}]}),
        ("a.x.y", 2, {"a": {"b": 1, "x": {"y": 2}}, "c": [1, {"d": 3}]}),
        ("c[1].d", 4, {"a": {"b": 1}, "c": [1, {"d": 4}]}),
        ("c[0]", 9, {"a": {"b": 1}, "c": [9, {"d": 3}]}),
    ],
)
def test_a_value_is_put_where_the_path_leads(path: str, new: Json, result: Json) -> None:
    before = {"a": {"b": 1}, "c": [1, {"d": 3}]}
    after = with_value(before, parsed(path), new)
    assert after == result
    assert at(after, parsed(path)) == new
    assert before == {"a": {"b": 1}, "c": [1, {"d": 3}]}


@pytest.mark.parametrize("path", ["c[2]", "a[0]", "a.b.c", "c.d"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(LookupError, match="there is no"):
        with_value({"a": {"b": 1}, "c": [1, {"d": 3}]}, parsed(path), 5)


def test_a_change_is_read_as_an_input_and_as_an_output(cloud: SimulatedCloud, group: Resource) -> None:
    record = change(cloud, group, "tags.team", "red")
    assert record.inputs["tags"] == {"team": "red"}
    read = cloud.read(group)
    assert read is not None
    assert read == {**group.outputs, "tags": {"team": "red"}}
    assert cloud.inventory.operations()[-1] == ("update", GROUP, group.id)


def test_what_the_service_computes_from_it_changes_with_it(cloud: SimulatedCloud, group: Resource) -> None:
    identity = cloud.create(IDENTITY, in_group(group, resourceName="id-behind"))
    registry = cloud.create(REGISTRY, in_group(group, registryName="crbehind", sku={"name": "Premium"}))
    block = {"type": "UserAssigned", "userAssignedIdentities": [identity.id]}
    record = change(cloud, registry, "identity", block)
    assert record.inputs["identity"] == block
    assert record.outputs["identity"]["userAssignedIdentities"][identity.id]["principalId"]
    others = {key: value for key, value in record.outputs.items() if key != "identity"}
    assert others == {key: value for key, value in registry.outputs.items() if key != "identity"}


def test_a_default_that_the_program_leaves_open_can_be_changed_too(cloud: SimulatedCloud, group: Resource) -> None:
    registry = cloud.create(REGISTRY, in_group(group, registryName="crdefault", sku={"name": "Premium"}))
    assert "publicNetworkAccess" not in registry.inputs
    record = change(cloud, registry, "publicNetworkAccess", "Disabled")
    assert (record.inputs["publicNetworkAccess"], record.outputs["publicNetworkAccess"]) == ("Disabled", "Disabled")


def test_a_property_that_only_the_service_sets_is_changed_in_its_outputs(
    cloud: SimulatedCloud, group: Resource
) -> None:
    registry = cloud.create(REGISTRY, in_group(group, registryName="crcomputed", sku={"name": "Premium"}))
    record = change(cloud, registry, "loginServer", "elsewhere.azurecr.io")
    assert "loginServer" not in record.inputs
    assert record.outputs == {**registry.outputs, "loginServer": "elsewhere.azurecr.io"}


def test_a_secret_is_kept_as_a_hash(cloud: SimulatedCloud, group: Resource) -> None:
    vault = cloud.create(
        VAULT,
        in_group(
            group,
            vaultName="kv-behind",
            properties={"tenantId": CLOUD.tenant_id, "sku": {"name": "standard", "family": "A"}, "accessPolicies": []},
        ),
    )
    place = {"resourceGroupName": group.inputs["resourceGroupName"], "vaultName": vault.inputs["vaultName"]}
    secret = cloud.create(SECRET, {**place, "secretName": "token", "properties": {"value": Secret("before")}})
    record = change(cloud, secret, "properties.value", "after")
    assert record.inputs["properties"]["value"] == hashed(Secret("after"))
    assert "after" not in str(record)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("nothing.there", 1, "has no property nothing; use one of "),
        ("tags.team.more", 1, "there is no more in it; look at it with show"),
        ("location", "northeurope", "the cloud refuses: .*location is fixed when it is made"),
        ("location", None, "the cloud refuses: .*ResourceGroup needs location"),
    ],
)
def test_what_cannot_be_changed_is_said_and_stays(
    cloud: SimulatedCloud, group: Resource, path: str, value: Json, problem: str
) -> None:
    before = live(cloud, group), cloud.inventory.operations()
    with pytest.raises(BehindError, match=problem):
        change(cloud, group, path, value)
    assert (live(cloud, group), cloud.inventory.operations()) == before


def test_a_change_that_the_service_refuses_to_anybody_is_refused(cloud: SimulatedCloud, group: Resource) -> None:
    registry = cloud.create(REGISTRY, in_group(group, registryName="crrefused", sku={"name": "Premium"}))
    nobody = f"{group.id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/nobody"
    block = {"type": "UserAssigned", "userAssignedIdentities": [nobody]}
    with pytest.raises(BehindError, match="the cloud refuses: "):
        change(cloud, registry, "identity", block)


def test_a_resource_is_deleted_with_what_lies_below_it(cloud: SimulatedCloud, group: Resource) -> None:
    identity = cloud.create(IDENTITY, in_group(group, resourceName="id-below"))
    gone = deleted(cloud.inventory, CLOUD, live(cloud, group))
    assert [one.id for one in gone] == [group.id, identity.id]
    assert cloud.read(group) is None
    assert cloud.read(identity) is None


def test_a_bucket_goes_with_its_settings(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        bucket = cloud.create(BUCKET, {"bucket": "behind-data"})
        settings = {"bucket": bucket.id, "versioningConfiguration": {"status": "Enabled"}}
        versioning = cloud.create(VERSIONING, settings)
        other = cloud.create(BUCKET, {"bucket": "behind-other"})
        deleted(cloud.inventory, CLOUD, live(cloud, bucket))
        assert (cloud.read(bucket), cloud.read(versioning)) == (None, None)
        assert cloud.read(other)


def test_an_application_goes_with_its_service_principal(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        ours, other = (cloud.create(APPLICATION, {"displayName": name}) for name in ("ours", "other"))
        principals = [
            cloud.create(PRINCIPAL, {"clientId": application.outputs["clientId"]}) for application in (ours, other)
        ]
        gone = deleted(cloud.inventory, CLOUD, live(cloud, ours))
        assert {one.id for one in gone} == {ours.id, principals[0].id}
        assert cloud.read(principals[1])


def test_a_group_goes_with_its_memberships(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        group, member = (
            cloud.create(ENTRA_GROUP, {"displayName": name, "securityEnabled": True}) for name in ("above", "below")
        )
        ids = {"groupObjectId": group.outputs["objectId"], "memberObjectId": member.outputs["objectId"]}
        membership = cloud.create(MEMBER, ids)
        deleted(cloud.inventory, CLOUD, live(cloud, group))
        assert cloud.read(membership) is None
        assert cloud.read(member)


def test_what_is_in_use_is_not_deleted(cloud: SimulatedCloud, group: Resource) -> None:
    definition = "aws:iam/policy:Policy"
    policy = cloud.create(definition, {"name": "in-use", "policy": _policy("s3:GetObject", "Resource")})
    role = cloud.create(
        "aws:iam/role:Role", {"name": "user", "assumeRolePolicy": _policy("sts:AssumeRole", "Principal")}
    )
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    cloud.create(attachment, {"role": role.outputs["name"], "policyArn": policy.outputs["arn"]})
    with pytest.raises(BehindError, match=r"the cloud refuses: .*delete that first"):
        deleted(cloud.inventory, CLOUD, live(cloud, policy))
    assert cloud.read(policy)


def _policy(action: str, about: str) -> str:
    whom = '"Principal": {"Service": "ec2.amazonaws.com"}' if about == "Principal" else '"Resource": "*"'
    return f'{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", {whom}}}]}}'


@pytest.mark.parametrize(
    "name",
    [lambda one: one.id, lambda one: one.id.rpartition("/")[2], lambda one: one.inputs["resourceGroupName"]],
    ids=["id", "last part", "name"],
)
def test_a_resource_is_found_by_its_names(
    cloud: SimulatedCloud, group: Resource, name: Callable[[Resource], str]
) -> None:
    assert [one.id for one in named(cloud.inventory, name(group))] == [group.id]
    assert named(cloud.inventory, "nobody") == []


def test_what_entra_calls_only_by_an_id_is_found_by_what_it_is_shown_as(cloud: SimulatedCloud) -> None:
    application = cloud.create(APPLICATION, {"displayName": "shown as this"})
    assert [one.id for one in named(cloud.inventory, "shown as this")] == [application.id]
