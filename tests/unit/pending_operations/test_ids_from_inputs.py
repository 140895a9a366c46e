"""Ids that follow from inputs are those that the simulated clouds give."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.pending_operations.ids_from_inputs import id_from_inputs
from shared.pending_operations.marks import MARKS
from shared.sandbox.catalog import CATALOGS
from shared.sandbox.inventory import Inventory
from shared.sandbox.model import CloudIds, Request, ResourceModel

ENVIRONMENT = load("sandbox", REPOSITORY)
CLOUD = CloudIds(
    subscription_id=str(ENVIRONMENT.azure.subscription_id),
    tenant_id=str(ENVIRONMENT.azure.tenant_id),
    account_id=str(ENVIRONMENT.aws.account_id),
    region=ENVIRONMENT.aws.region,
)
MODELS = {token: model for catalog in CATALOGS for token, model in catalog.resources.items()}
# Inputs whose values mean something.
TELLING: dict[str, dict[str, Any]] = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {"url": "https://token.example.com/a"},
    "aws:iam/policy:Policy": {"path": "/github/"},
    "aws:s3/bucketObjectv2:BucketObjectv2": {"key": "/code//a.py"},
    "aws:cloudwatch/eventRule:EventRule": {"eventBusName": "default"},
    "aws:cloudwatch/eventTarget:EventTarget": {"eventBusName": "default"},
}


def inputs_of(model: ResourceModel) -> dict[str, Any]:
    names = {name for name in model.properties if not name.endswith("Prefix")}
    scopes = {name: f"/subscriptions/s/{name}" for name in names & {"scope", "resourceUri", "resourceId"}}
    return {**{name: f"the-{name}" for name in names}, **scopes, **TELLING.get(model.token, {})}


def request(inputs: dict[str, Any], existing: Inventory) -> Request:
    return Request(inputs=inputs, cloud=CLOUD, existing=existing, serial=1)


@pytest.mark.parametrize("token", sorted(set(MODELS) - set(MARKS)))
def test_every_type_that_has_no_marks_has_the_id_that_the_cloud_gives(token: str, tmp_path: Path) -> None:
    inputs = inputs_of(MODELS[token])
    existing = Inventory(tmp_path / "inventory.sqlite")
    assert id_from_inputs(token, inputs, ENVIRONMENT) == MODELS[token].make_id(request(inputs, existing))
    existing.close()


@pytest.mark.parametrize("token", sorted(MARKS))
def test_marks_are_inputs_of_types_whose_ids_the_cloud_makes_up(token: str) -> None:
    assert set(MARKS[token]) <= MODELS[token].properties
    assert id_from_inputs(token, inputs_of(MODELS[token]), ENVIRONMENT) is None


def test_a_rule_on_a_bus_of_its_own_has_that_in_its_id() -> None:
    inputs = {"name": "rule", "eventBusName": "bus"}
    assert id_from_inputs("aws:cloudwatch/eventRule:EventRule", inputs, ENVIRONMENT) == "bus/rule"


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_are_of_the_partition_of_the_region(region: str, partition: str) -> None:
    place: Any = SimpleNamespace(aws=SimpleNamespace(region=region, account_id="123456789012"))
    found = id_from_inputs("aws:iam/policy:Policy", {"name": "p"}, place)
    assert found == f"arn:{partition}:iam::123456789012:policy/p"


def test_a_name_that_the_provider_made_up_is_not_guessed() -> None:
    with pytest.raises(KeyError, match="bucket"):
        id_from_inputs("aws:s3/bucket:Bucket", {"tags": {}}, ENVIRONMENT)
    with pytest.raises(KeyError, match="resourceGroupName"):
        id_from_inputs("azure-native:network:NatGateway", {"natGatewayName": "n"}, ENVIRONMENT)


def test_an_unknown_type_has_none() -> None:
    assert id_from_inputs("random:index/randomId:RandomId", {"name": "a"}, ENVIRONMENT) is None
