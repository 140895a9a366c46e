"""The client reads what the services have, with the identity's token, from servers that speak as the real ones do."""

import json

from stacks.ml_workspace.client.blobs import blob_names
from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.configuration import read_configuration
from stacks.ml_workspace.client.scoring import score
from stacks.ml_workspace.client.workspace import Compute, OutboundRule, computes, outbound_rules
from tests.unit.ml_workspace.client.answers import (
    LAST_COMPUTE,
    RULES,
    WORKSPACE,
    blob_list,
    compute_page,
    key_values,
    query,
)
from tests.unit.ml_workspace.client.conftest import Serve
from tests.unit.ml_workspace.client.local_service import TOKEN, Answer, Asked, StandIn


def test_configuration_of_one_environment_is_read_page_by_page(serve: Serve, caller: Caller, stand_in: StandIn) -> None:
    with serve(key_values) as store:
        found = read_configuration(caller, store.url, label="prod")
    assert found.settings == {
        "model/rounds": "100",
        "sagemaker/pipeline-arn": "arn:aws:sagemaker:eu-west-1:000000000000:pipeline/p",
    }
    assert found.pipeline_arn == "arn:aws:sagemaker:eu-west-1:000000000000:pipeline/p"
    assert found.flags == {"drift": True, "new": False}
    assert found.secrets == {"secrets/token": "https://kv.vault.azure.net/secrets/token"}
    assert [query(one)["label"] for one in store.asked] == ["prod", "prod"]
    assert {one.headers["authorization"] for one in store.asked} == {f"Bearer {TOKEN}"}
    assert set(stand_in.scopes) == {"https://appconfig.azure.com/.default"}


def test_another_environment_s_label_reads_nothing_of_this_one(serve: Serve, caller: Caller) -> None:
    with serve(key_values) as store:
        found = read_configuration(caller, store.url, label="dev")
    assert (found.settings, found.flags, found.pipeline_arn) == ({"model/rounds": "1"}, {}, None)


def test_a_model_is_asked_with_an_entra_token(serve: Serve, caller: Caller, stand_in: StandIn) -> None:
    with serve(lambda _: Answer(body="[0.7]")) as endpoint:
        assert score(caller, f"{endpoint.url}/score", {"data": [[1, 2]]}) == [0.7]
    (asked,) = endpoint.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/score", {"data": [[1, 2]]})
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["content-type"] == "application/json"
    assert "azureml-model-deployment" not in asked.headers
    assert stand_in.scopes == ["https://ml.azure.com/.default"]


def test_one_deployment_can_be_asked_by_name(serve: Serve, caller: Caller) -> None:
    with serve(lambda _: Answer(body="[]")) as endpoint:
        score(caller, f"{endpoint.url}/score", {}, deployment="blue")
    assert endpoint.asked[0].headers["azureml-model-deployment"] == "blue"


def test_blobs_are_listed_until_there_are_enough(serve: Serve, caller: Caller, stand_in: StandIn) -> None:
    with serve(blob_list) as account:
        assert blob_names(caller, account.url, "training-data", limit=100) == ["data/a & b.csv", "data/b.csv"]
        assert blob_names(caller, account.url, "training-data", limit=1) == ["data/a & b.csv"]
    assert len(account.asked) == 3
    assert {one.path.partition("?")[0] for one in account.asked} == {"/training-data"}
    assert {(query(one)["restype"], query(one)["comp"]) for one in account.asked} == {("container", "list")}
    assert set(stand_in.scopes) == {"https://storage.azure.com/.default"}


def test_compute_is_read_page_by_page(serve: Serve, caller: Caller, stand_in: StandIn) -> None:
    def answer(asked: Asked) -> Answer:
        further = f"https://{asked.headers['host']}{WORKSPACE}/computes?api-version=2025-12-01&$skip=1"
        return LAST_COMPUTE if "skip" in asked.path else compute_page(further)

    with serve(answer) as arm:
        assert computes(caller, WORKSPACE, management=arm.url) == [
            Compute(name="cpu-train", kind="AmlCompute", state="Succeeded"),
            Compute(name="cpu-build", kind="AmlCompute", state="Creating"),
        ]
    assert query(arm.asked[0]) == {"api-version": "2025-12-01"}
    assert set(stand_in.scopes) == {f"{arm.url}/.default"}


def test_rules_of_the_managed_network_are_read(serve: Serve, caller: Caller) -> None:
    with serve(lambda _: RULES) as arm:
        assert outbound_rules(caller, WORKSPACE, management=arm.url) == [
            OutboundRule(name="storage-queue", kind="PrivateEndpoint", category="UserDefined", status="Active")
        ]
    assert arm.asked[0].path.startswith(f"{WORKSPACE}/outboundRules?")
