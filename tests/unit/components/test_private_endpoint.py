"""A private endpoint is sent what the service knows of one, and its names go into the zones of its group."""

import pytest

from shared.components.private_endpoint import PrivateEndpoint
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run, record

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/pe"
TARGET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw"
ZONES = {"privatelink.api.azureml.ms": "/zones/api", "privatelink.notebooks.azure.net": "/zones/notebooks"}


@pytest.fixture(scope="module")
def run() -> Run:
    def declare() -> dict[str, object]:
        PrivateEndpoint(
            "workspace",
            environment=sandbox(),
            resource_group_name="rg",
            subnet_id=SUBNET,
            target_id=TARGET,
            group="amlworkspace",
            zone_ids=ZONES,
            tags={"a": "b"},
        )
        return {}

    return record(declare)


def test_the_subnet_is_named_and_nothing_is_said_about_it(run: Run) -> None:
    """The policies of a subnet are the subnet's own: SubnetArgs would send its defaults for them."""
    assert run.one("azure-native:network:PrivateEndpoint").inputs["subnet"] == {"id": SUBNET}


def test_each_zone_of_the_group_gets_the_names(run: Run) -> None:
    configs = run.one("network:PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]
    assert [(one["name"], one["privateDnsZoneId"]) for one in configs] == [
        ("privatelink-api-azureml-ms", "/zones/api"),
        ("privatelink-notebooks-azure-net", "/zones/notebooks"),
    ]
