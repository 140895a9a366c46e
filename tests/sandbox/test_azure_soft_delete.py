"""What the simulated Azure keeps of deleted resources, and how it refuses their names."""

import datetime
from collections.abc import Generator
from pathlib import Path

import pytest

from shared.sandbox.purge import purge
from shared.sandbox.soft_deleted import SoftDeleted
from shared.sandbox.wire import Properties
from tests.sandbox.simulated_cloud import CLOUD, Resource, SimulatedCloud, simulated_cloud

GROUP = "rg-deleted"
PLACED = {"resourceGroupName": GROUP, "location": "westeurope"}
VAULT = "azure-native:keyvault:Vault"
SECRET = "azure-native:keyvault:Secret"
STORE = "azure-native:appconfiguration:ConfigurationStore"
WORKSPACE = "azure-native:machinelearningservices:Workspace"


@pytest.fixture
def cloud(tmp_path: Path) -> Generator[SimulatedCloud]:
    with simulated_cloud(tmp_path / "inventory.sqlite") as found:
        found.create("azure-native:resources:ResourceGroup", PLACED)
        yield found


def vault(name: str, **properties: object) -> Properties:
    said = {"tenantId": CLOUD.tenant_id, "sku": {"family": "A", "name": "standard"}, **properties}
    return {**PLACED, "vaultName": name, "properties": said}


def store(name: str, sku: str, **more: object) -> Properties:
    return {**PLACED, "configStoreName": name, "sku": {"name": sku}, **more}


def held(cloud: SimulatedCloud) -> list[SoftDeleted]:
    return cloud.inventory.soft_deleted.all()


def kept_days(one: SoftDeleted) -> int:
    return (one.until - one.deleted).days


def test_a_deleted_vault_holds_its_name_for_its_days_and_is_not_alive(cloud: SimulatedCloud) -> None:
    inputs = vault("kv-one", softDeleteRetentionInDays=7)
    cloud.delete(cloud.create(VAULT, inputs))
    (gone,) = held(cloud)
    assert (kept_days(gone), gone.protected, gone.location) == (7, False, "westeurope")
    assert cloud.inventory.of_type(VAULT) == []
    said = cloud.refusal(VAULT, vault("KV-ONE"))
    assert said.startswith('Code="ConflictError" Message="A vault with the same name already exists in deleted state.')
    purge(cloud.inventory, gone.name)
    assert cloud.create(VAULT, inputs).id == gone.id


def test_a_name_is_free_when_its_days_have_passed(cloud: SimulatedCloud) -> None:
    cloud.delete(cloud.create(VAULT, vault("kv-days", softDeleteRetentionInDays=7)))
    week = datetime.timedelta(days=7)
    cloud.inventory.soft_deleted.clock = lambda: datetime.datetime.now(datetime.UTC) + week
    cloud.create(VAULT, vault("kv-days"))


def test_a_vault_without_a_number_of_days_is_kept_for_ninety_and_protection_is_remembered(
    cloud: SimulatedCloud,
) -> None:
    cloud.delete(cloud.create(VAULT, vault("kv-two", enablePurgeProtection=True)))
    (gone,) = held(cloud)
    assert (kept_days(gone), gone.protected) == (90, True)


def secret(name: str) -> Properties:
    return {"resourceGroupName": GROUP, "vaultName": "kv-items", "secretName": name, "properties": {"value": "v"}}


def test_a_secret_that_is_deleted_in_a_living_vault_holds_its_name(cloud: SimulatedCloud) -> None:
    made = cloud.create(VAULT, vault("kv-items", softDeleteRetentionInDays=8))
    cloud.delete(cloud.create(SECRET, secret("token")))
    (gone,) = held(cloud)
    assert kept_days(gone) == 8
    said = cloud.refusal(SECRET, secret("token"))
    assert "Conflict" in said
    assert "Secret token is currently in a deleted but recoverable state, and its name cannot be reused" in said
    cloud.delete(made)
    assert [one.token for one in held(cloud)] == [VAULT]


def test_what_is_in_a_vault_goes_with_it(cloud: SimulatedCloud) -> None:
    made = cloud.create(VAULT, vault("kv-items"))
    cloud.create(SECRET, secret("token"))
    cloud.delete(made)
    assert [one.token for one in held(cloud)] == [VAULT]
    purge(cloud.inventory, held(cloud)[0].name)
    cloud.create(VAULT, vault("kv-items"))
    cloud.create(SECRET, secret("token"))


def test_a_group_takes_what_is_in_it_into_the_same_state(cloud: SimulatedCloud) -> None:
    cloud.create(VAULT, vault("kv-items"))
    cloud.create(SECRET, secret("token"))
    cloud.create(STORE, store("appcs-one", "standard"))
    account = {**PLACED, "accountName": "stone", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    cloud.create("azure-native:storage:StorageAccount", account)
    group = Resource(
        token="azure-native:resources:ResourceGroup",
        id=f"/subscriptions/{CLOUD.subscription_id}/resourceGroups/{GROUP}",
        inputs={},
        outputs={},
    )
    cloud.delete(group)
    assert cloud.inventory.all() == []
    assert {one.token for one in held(cloud)} == {VAULT, STORE}
    cloud.create(group.token, PLACED)
    cloud.create("azure-native:storage:StorageAccount", account)
    assert "ConflictError" in cloud.refusal(VAULT, vault("kv-items"))


@pytest.mark.parametrize(
    ("sku", "more", "days"), [("standard", {}, 7), ("standard", {"softDeleteRetentionInDays": 2}, 2)]
)
def test_a_store_holds_its_name_against_every_tier(
    cloud: SimulatedCloud, sku: str, more: Properties, days: int
) -> None:
    cloud.delete(cloud.create(STORE, store("appcs-one", sku, **more)))
    (gone,) = held(cloud)
    assert kept_days(gone) == days
    assert "NameUnavailable" in cloud.refusal(STORE, store("appcs-one", "free"))


def test_a_free_store_is_gone_at_once(cloud: SimulatedCloud) -> None:
    inputs = store("appcs-one", "free")
    cloud.delete(cloud.create(STORE, inputs))
    assert held(cloud) == []
    cloud.create(STORE, inputs)


def workspace(cloud: SimulatedCloud) -> Properties:
    account = {**PLACED, "accountName": "stone", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    logs = cloud.create("azure-native:operationalinsights:Workspace", {**PLACED, "workspaceName": "log-one"})
    insights = {**PLACED, "resourceName": "appi", "kind": "web", "workspaceResourceId": logs.id}
    insights |= {"applicationType": "web", "ingestionMode": "LogAnalytics"}
    made = {
        "storageAccount": cloud.create("azure-native:storage:StorageAccount", account),
        "keyVault": cloud.create(VAULT, vault("kv-items")),
        "applicationInsights": cloud.create("azure-native:applicationinsights:Component", insights),
    }
    ids = {key: one.id for key, one in made.items()}
    return {**PLACED, **ids, "workspaceName": "mlw-one", "identity": {"type": "SystemAssigned"}}


def test_a_workspace_holds_its_name_in_its_group_for_fourteen_days(cloud: SimulatedCloud) -> None:
    inputs = workspace(cloud)
    cloud.delete(cloud.create(WORKSPACE, inputs))
    (gone,) = held(cloud)
    assert kept_days(gone) == 14
    said = cloud.refusal(WORKSPACE, inputs)
    assert "BadRequest" in said
    assert "Soft-deleted workspace exists. Please purge or recover it." in said
    other = {**inputs, "resourceGroupName": "rg-other"}
    cloud.create("azure-native:resources:ResourceGroup", {**PLACED, "resourceGroupName": "rg-other"})
    cloud.create(WORKSPACE, other)


def test_a_key_of_kms_is_pending_and_its_alias_free_at_once(cloud: SimulatedCloud) -> None:
    for _ in range(2):
        key = cloud.create("aws:kms/key:Key", {"deletionWindowInDays": 30})
        alias = cloud.create("aws:kms/alias:Alias", {"name": "alias/one", "targetKeyId": key.id})
        cloud.delete(alias)
        cloud.delete(key)
    assert held(cloud) == []
