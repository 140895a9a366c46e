"""The optional deployment of a model, and App Configuration in further regions."""

from typing import Any

import pulumi
import pytest

from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs
from stacks.ml_workspace.asset_reference import AssetReferenceError, Kind, asset_id
from stacks.ml_workspace.online_deployment import variable_name
from stacks.ml_workspace.program import program
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, record, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs)
MLFLOW = {
    "model": "azureml:credit:3",
    "environment": "azureml://registries/azureml/environments/sklearn-1.5/versions/20",
    "instance_type": "Standard_DS3_v2",
    "instance_count": 3,
    "code": None,
    "scoring_script": None,
}
SCRIPT = {**MLFLOW, "code": "azureml:scoring:1", "scoring_script": "score.py"}
WORKSPACE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw"


def _run(**changes: object) -> Run:
    return run_program(program, sandbox(**changes), *CONTRACTS)


@pytest.fixture(scope="module")
def deployed() -> Run:
    return _run(ml_workspace__deployment=SCRIPT, ml_workspace__configuration_replicas=("northeurope", "francecentral"))


def test_no_model_is_deployed_where_none_is_named() -> None:
    run = _run()
    assert not run.all("machinelearningservices:OnlineDeployment")
    assert run.outputs["online_deployment_name"] is None
    assert not run.all("appconfiguration:Replica")
    assert run.outputs["configuration_replica_endpoints"] == {}


def test_a_model_that_is_named_is_deployed(deployed: Run) -> None:
    deployment = deployed.one("machinelearningservices:OnlineDeployment")
    workspace = deployed.one("machinelearningservices:Workspace")
    inputs = deployment.inputs
    assert (inputs["deploymentName"], inputs["kind"], inputs["location"]) == ("blue", "Managed", "westeurope")
    assert inputs["sku"] == {"name": "Default", "capacity": 3}
    assert inputs["endpointName"] == deployed.one("machinelearningservices:OnlineEndpoint").inputs["endpointName"]
    properties = inputs["properties"]
    assert (properties["endpointComputeType"], properties["instanceType"]) == ("Managed", "Standard_DS3_v2")
    assert properties["model"].endswith(f"{workspace.inputs['workspaceName']}/models/credit/versions/3")
    assert properties["environmentId"] == MLFLOW["environment"]
    code = properties["codeConfiguration"]
    assert code["scoringScript"] == "score.py"
    assert code["codeId"].endswith("/codes/scoring/versions/1")
    assert properties["appInsightsEnabled"] is True
    assert deployed.outputs["online_deployment_name"] == "blue"


def test_a_model_that_brings_its_own_code_has_none_of_ours() -> None:
    deployment = _run(ml_workspace__deployment=MLFLOW).one("machinelearningservices:OnlineDeployment")
    assert "codeConfiguration" not in deployment.inputs["properties"]


def test_a_deployment_acts_as_the_endpoint_and_waits_for_its_roles(deployed: Run) -> None:
    deployment = deployed.one("machinelearningservices:OnlineDeployment")
    assert "identity" not in deployment.inputs
    assert {"scoring", "workspace-endpoint-ml-metrics-writer"} <= deployment.after
    # The service pulls the image as the endpoint: what waits for the workspace waits for the roles on the registry.
    workspace = deployed.one("machinelearningservices:Workspace")
    assert "registry-endpoint-registry-pull" in workspace.after
    assert workspace.name in deployment.after
    assert deployment.delete_before_replace


def test_a_deployment_has_time_to_load_its_model(deployed: Run) -> None:
    properties = deployed.one("machinelearningservices:OnlineDeployment").inputs["properties"]
    probe = {
        "initialDelay": "PT10S",
        "period": "PT10S",
        "timeout": "PT2S",
        "successThreshold": 1,
        "failureThreshold": 30,
    }
    assert properties["livenessProbe"] == properties["readinessProbe"] == probe


def test_the_managed_network_is_the_only_way_out_of_a_deployment(deployed: Run) -> None:
    properties = deployed.one("machinelearningservices:OnlineDeployment").inputs["properties"]
    assert properties["egressPublicNetworkAccess"] == "Enabled"
    workspace = deployed.one("machinelearningservices:Workspace").inputs
    assert workspace["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert workspace["provisionNetworkNow"] is True


def test_a_deployment_is_told_its_identity_and_its_settings(deployed: Run) -> None:
    properties = deployed.one("machinelearningservices:OnlineDeployment").inputs["properties"]
    assert properties["environmentVariables"] == {
        "AZURE_CLIENT_ID": "identity_client_ids/endpoint",
        "MODEL__LEARNING_RATE": "0.1",
        "MODEL__ROUNDS": "100",
    }
    assert variable_name("a/b-c") == "A__B_C"


def test_traffic_is_the_release_s_business(deployed: Run) -> None:
    endpoint = deployed.one("machinelearningservices:OnlineEndpoint")
    assert "traffic" not in endpoint.inputs["properties"]
    assert "properties.traffic" in endpoint.ignore_changes


def _resolved(text: str, kind: Kind) -> str:
    def declare() -> dict[str, Any]:
        return {"id": asset_id(text, kind=kind, workspace_id=pulumi.Output.from_input(WORKSPACE))}

    return record(declare).outputs["id"]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("azureml:credit:3", "models", f"{WORKSPACE}/models/credit/versions/3"),
        ("azureml:sk-1.5:20", "environments", f"{WORKSPACE}/environments/sk-1.5/versions/20"),
        (f"{WORKSPACE}/codes/c/versions/1", "codes", f"{WORKSPACE}/codes/c/versions/1"),
        ("azureml://registries/r/models/m/versions/1", "models", "azureml://registries/r/models/m/versions/1"),
    ],
)
def test_assets_are_named_as_azure_resource_manager_wants(text: str, kind: Kind, found: str) -> None:
    assert _resolved(text, kind) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("credit", "models"),
        ("credit:3", "models"),
        ("azureml:credit@latest", "models"),
        ("azureml:credit", "models"),
        ("azureml://registries/r/environments/e/versions/1", "models"),
        ("azureml://registries/r/models/m", "models"),
        (f"{WORKSPACE}/models/m/versions/1", "environments"),
        ("", "codes"),
    ],
)
def test_an_asset_that_azure_would_not_find_is_refused(text: str, kind: Kind) -> None:
    with pytest.raises(AssetReferenceError) as caught:
        _resolved(text, kind)
    assert (caught.value.text, caught.value.kind) == (text, kind)
    assert f"azureml://registries/REGISTRY/{kind}/NAME/versions/VERSION" in str(caught.value)


def test_replicas_are_made_one_after_the_other_and_before_the_private_endpoint(deployed: Run) -> None:
    replicas = deployed.all("appconfiguration:Replica")
    store = deployed.one("appconfiguration:ConfigurationStore").inputs["configStoreName"]
    assert {name: (one.inputs["replicaName"], one.inputs["location"]) for name, one in replicas.items()} == {
        "configuration-northeurope": ("northeurope", "northeurope"),
        "configuration-francecentral": ("francecentral", "francecentral"),
    }
    assert {one.inputs["configStoreName"] for one in replicas.values()} == {store}
    assert "configuration-northeurope" in replicas["configuration-francecentral"].after
    endpoints = deployed.all("azure-native:network:PrivateEndpoint")
    assert set(replicas) <= endpoints["configuration"].after
    assert not set(replicas) & endpoints["workspace"].after
