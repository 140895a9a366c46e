"""What the simulated Azure Machine Learning and App Configuration refuse, as the real ones do."""

from pathlib import Path
from typing import Any

import pytest

from shared.sandbox.wire import Json
from tests.sandbox.azure_platform import GROUP, READER, ROLES, Made, build
from tests.sandbox.simulated_cloud import RefusedError, Resource, SimulatedCloud, simulated_cloud

PULL = f"{ROLES}/7f951dda-4ed3-4680-a7ca-43fe172d538d"
REGISTRY = "azureml://registries/azureml"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def _with(inputs: dict[str, Json], **properties: Json) -> dict[str, Json]:
    return {**inputs, "properties": {**inputs["properties"], **properties}}


def _second(made: Made, **properties: Json) -> dict[str, Json]:
    return _with({**made["deployment"].inputs, "deploymentName": "green"}, **properties)


WRONG_DEPLOYMENTS: list[tuple[dict[str, Json], str]] = [
    ({"instanceType": "DS3"}, "The instance type DS3"),
    ({"model": "azureml:credit:1"}, "properties.model is not the id of one of the models"),
    ({"model": f"{REGISTRY}/environments/e/versions/1"}, "properties.model is not the id"),
    ({"environmentId": "azureml:env@latest"}, "properties.environmentId is not the id of one of the environments"),
    ({"codeConfiguration": {"scoringScript": "score.py", "codeId": "./code"}}, "properties.codeConfiguration.codeId"),
    ({"egressPublicNetworkAccess": "Disabled"}, "egressPublicNetworkAccess cannot be Disabled"),
]


@pytest.mark.parametrize(("properties", "words"), WRONG_DEPLOYMENTS)
def test_a_deployment_that_the_service_would_not_take_is_refused(
    cloud: SimulatedCloud, made: Made, properties: dict[str, Json], words: str
) -> None:
    answer = cloud.refusal(made["deployment"].token, _second(made, **properties))
    assert 'Code="BadArgument"' in answer
    assert words in answer


@pytest.mark.parametrize("sku", [{"name": "Default", "capacity": 0}, {"name": "Premium", "capacity": 1}])
def test_a_deployment_has_instances_of_the_default_sku(cloud: SimulatedCloud, made: Made, sku: dict[str, Json]) -> None:
    assert "BadArgument" in cloud.refusal(made["deployment"].token, _second(made) | {"sku": sku})


def test_a_deployment_needs_its_endpoint(cloud: SimulatedCloud, made: Made) -> None:
    answer = cloud.refusal(made["deployment"].token, _second(made) | {"endpointName": "mlep-gone"})
    assert "ParentResourceNotFound" in answer


def test_assets_of_a_registry_and_of_the_workspace_are_taken(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        inputs = _second(
            made,
            model=f"{made['workspace'].id}/models/credit/versions/1",
            environmentId=f"{REGISTRY}/environments/sklearn/versions/1",
        )
        assert cloud.create(made["deployment"].token, inputs).outputs["properties"]["provisioningState"] == "Succeeded"


def _platform_of_a_puller(cloud: SimulatedCloud, role: str, scope: str) -> tuple[Made, Resource]:
    """Return a platform whose endpoint has an identity of its own with one role, and that endpoint."""
    made = build(cloud)
    own = cloud.create(made["identity"].token, made["identity"].inputs | {"resourceName": "id-endpoint"})
    grant = {
        "scope": scope.format(group=made["group"].id, registry=made["registry"].id, vault=made["vault"].id),
        "roleAssignmentName": "33333333-0000-4000-8000-000000000001",
        "principalId": own.outputs["principalId"],
        "principalType": "ServicePrincipal",
        "roleDefinitionId": role,
    }
    cloud.create(made["assignment"].token, grant)
    identity = {"type": "UserAssigned", "userAssignedIdentities": [own.id]}
    online = made["online"].inputs | {"endpointName": "mlep-own", "identity": identity}
    return made, cloud.create(made["online"].token, online)


@pytest.mark.parametrize(
    ("role", "scope", "pulls"),
    [
        (PULL, "{registry}", True),
        (READER, "{group}", True),
        (PULL, "{vault}", False),
        (f"{ROLES}/4633458b-17de-408a-b874-0445c86b69e6", "{group}", False),
    ],
)
def test_the_identity_of_an_endpoint_must_be_able_to_pull(
    tmp_path: Path, role: str, scope: str, *, pulls: bool
) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made, endpoint = _platform_of_a_puller(cloud, role, scope)
        inputs = made["deployment"].inputs | {"endpointName": endpoint.outputs["name"]}
        if pulls:
            cloud.create(made["deployment"].token, inputs)
        else:
            answer = cloud.refusal(made["deployment"].token, inputs)
            assert "Endpoint identity does not have pull permission" in answer


def test_traffic_goes_to_deployments_that_exist_and_holds_them(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        online = made["online"]
        with pytest.raises(RefusedError, match="has no deployment green"):
            cloud.update(online, properties={**online.inputs["properties"], "traffic": {"green": 100}})
        released = cloud.update(online, properties={**online.inputs["properties"], "traffic": {"blue": 100}})
        with pytest.raises(RefusedError, match="blue gets 100 % of the traffic"):
            cloud.delete(made["deployment"])
        cloud.update(released, properties=online.inputs["properties"])
        cloud.delete(made["deployment"])


CLUSTER_CHANGES: list[dict[str, Json]] = [
    {"vmSize": "Standard_DS4_v2"},
    {"vmPriority": "LowPriority"},
    {"enableNodePublicIp": True},
    {"remoteLoginPortPublicAccess": "Enabled"},
    {"osType": "Windows"},
]


@pytest.mark.parametrize("change", CLUSTER_CHANGES, ids=lambda change: next(iter(change)))
def test_a_cluster_changes_its_scale_only(cloud: SimulatedCloud, made: Made, change: dict[str, Json]) -> None:
    cluster = made["cluster"]
    settings = cluster.inputs["properties"]["properties"]
    with pytest.raises(RefusedError, match="changes its scale settings only"):
        cloud.update(cluster, properties={**cluster.inputs["properties"], "properties": {**settings, **change}})
    scale = {**settings["scaleSettings"], "maxNodeCount": 3}
    bigger = {**cluster.inputs["properties"], "properties": {**settings, "scaleSettings": scale}}
    assert cloud.update(cluster, properties=bigger).id == cluster.id


def test_a_managed_network_is_not_put_around_compute_that_exists(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud, until="cluster")
        open_one = made["workspace"].inputs | {"workspaceName": "mlw-open"}
        workspace = cloud.create(made["workspace"].token, {**open_one, "managedNetwork": {"isolationMode": "Disabled"}})
        scale = {"minNodeCount": 0, "maxNodeCount": 1}
        properties: dict[str, Any] = {"vmSize": "Standard_DS3_v2", "scaleSettings": scale}
        cluster = cloud.create(
            "azure-native:machinelearningservices:Compute",
            {
                "resourceGroupName": GROUP,
                "location": "westeurope",
                "workspaceName": "mlw-open",
                "computeName": "cpu",
                "properties": {"computeType": "AmlCompute", "properties": properties},
            },
        )
        closed = made["workspace"].inputs["managedNetwork"]
        with pytest.raises(RefusedError, match="Delete cpu first"):
            cloud.update(workspace, managedNetwork=closed)
        cloud.delete(cluster)
        assert cloud.update(workspace, managedNetwork=closed).outputs["managedNetwork"]["isolationMode"] != "Disabled"


FIXED_IN_WORKSPACES: dict[str, str] = {
    "storageAccount": "account",
    "keyVault": "vault",
}


@pytest.mark.parametrize("key", FIXED_IN_WORKSPACES)
def test_what_a_workspace_is_associated_with_stays(tmp_path: Path, key: str) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        old = made[FIXED_IN_WORKSPACES[key]]
        name = {"account": "accountName", "vault": "vaultName"}[FIXED_IN_WORKSPACES[key]]
        inputs = {k: v for k, v in old.inputs.items() if k != "encryption"} | {name: f"{old.inputs[name]}2"}
        other = cloud.create(old.token, inputs)
        with pytest.raises(RefusedError, match=f"property {key} of a workspace cannot be changed"):
            cloud.update(made["workspace"], **{key: other.id})


def test_a_workspace_cannot_be_encrypted_later(cloud: SimulatedCloud, made: Made) -> None:
    key = {"keyVaultArmId": made["vault"].id, "keyIdentifier": made["key"].outputs["keyUriWithVersion"]}
    encryption = {"status": "Enabled", "keyVaultProperties": key}
    with pytest.raises(RefusedError, match="encryption"):
        cloud.update(made["workspace"], encryption=encryption)


REPLICAS = [
    ({"location": "westeurope"}, "answers in westeurope already"),
    ({"location": "northeurope"}, "answers in northeurope already"),
    ({"replicaName": "north-2", "location": "uksouth"}, "does not match"),
    ({"configStoreName": "appcs-gone", "location": "uksouth"}, "ParentResourceNotFound"),
]


@pytest.mark.parametrize(("change", "words"), REPLICAS)
def test_a_replica_is_in_a_further_region_of_a_store(
    cloud: SimulatedCloud, made: Made, change: dict[str, Json], words: str
) -> None:
    assert words in cloud.refusal(made["replica"].token, {**made["replica"].inputs, "replicaName": "other", **change})


def test_a_replica_answers_under_a_name_of_its_own(made: Made) -> None:
    assert made["replica"].outputs["endpoint"] == "https://appcs-platform-north.azconfig.io"


def _free(made: Made) -> dict[str, Json]:
    return made["settings"].inputs | {"configStoreName": "appcs-free2", "sku": {"name": "free"}}


def test_a_free_store_has_no_replicas_and_becomes_a_standard_one_but_not_back(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        made = build(cloud)
        free = cloud.create(made["settings"].token, _free(made))
        replica = made["replica"].inputs | {"configStoreName": "appcs-free2"}
        assert "Replicas are not in the free tier" in cloud.refusal(made["replica"].token, replica)
        standard = cloud.update(free, sku={"name": "standard"}, softDeleteRetentionInDays=7)
        cloud.create(made["replica"].token, replica)
        with pytest.raises(RefusedError, match="cannot become one of the free tier"):
            cloud.update(standard, sku={"name": "free"}, softDeleteRetentionInDays=0)
        with pytest.raises(RefusedError, match="decided when it is created"):
            cloud.update(standard, softDeleteRetentionInDays=3)


def test_key_values_have_labels(made: Made) -> None:
    flag = made["flag"]
    assert (flag.outputs["key"], flag.outputs["label"]) == (".appconfig.featureflag/drift", "prod")
