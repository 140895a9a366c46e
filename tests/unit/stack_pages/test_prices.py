"""Prices follow from how a resource is declared, and nothing is free by mistake."""

from typing import Any

import pytest

from shared.stack_pages.costs import cost_text, totals_table
from shared.stack_pages.errors import UnpricedTypeError
from shared.stack_pages.prices import UNIT_PRICES, by_use, charges
from shared.stack_pages.trial_run import Declared

ENDPOINT = Declared(type="azure-native:network:PrivateEndpoint", name="blob", inputs={})
GROUP = Declared(type="azure-native:resources:ResourceGroup", name="main", inputs={})


def cost(token: str, **inputs: Any) -> float:
    return sum(charge.usd for charge in charges(Declared(type=token, name="one", inputs=inputs)))


def workspace(mode: str, *kinds: str) -> float:
    rules = {f"rule-{number}": {"type": kind} for number, kind in enumerate(kinds)}
    return cost(
        "azure-native:machinelearningservices:Workspace",
        managedNetwork={"isolationMode": mode, "outboundRules": rules},
    )


def test_a_registry_costs_what_its_tier_costs() -> None:
    registry = "azure-native:containerregistry:Registry"
    assert [cost(registry, sku={"name": sku}) for sku in ("Basic", "Standard", "Premium")] == [5, 20, 50]


def test_the_free_configuration_store_is_free() -> None:
    store = "azure-native:appconfiguration:ConfigurationStore"
    assert (cost(store, sku={"name": "free"}), cost(store, sku={"name": "standard"})) == (0, 36)


def test_only_a_key_in_hardware_costs_by_the_month() -> None:
    key = "azure-native:keyvault:Key"
    assert (cost(key, properties={"kty": "RSA"}), cost(key, properties={"kty": "RSA-HSM"})) == (0, 5)


def test_an_interface_endpoint_costs_in_every_zone_and_a_gateway_nothing() -> None:
    endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"
    assert cost(endpoint, vpcEndpointType="Interface", subnetIds=["a", "b"]) == pytest.approx(2 * 7.3)
    assert cost(endpoint, vpcEndpointType="Gateway", routeTableIds=["a"]) == 0


def test_a_managed_network_costs_its_endpoints_and_a_firewall_with_the_first_host_name() -> None:
    assert workspace("Disabled", "PrivateEndpoint") == 0
    assert workspace("AllowOnlyApprovedOutbound", "PrivateEndpoint") == pytest.approx(5 * 7.3)
    assert workspace("AllowOnlyApprovedOutbound", "FQDN", "FQDN") == pytest.approx(4 * 7.3 + 288.35)


def test_a_type_that_nobody_priced_is_refused() -> None:
    with pytest.raises(
        UnpricedTypeError, match=r"aws:ec2/natGateway:NatGateway has no price; say in .*prices\.py"
    ) as e:
        cost("aws:ec2/natGateway:NatGateway")
    assert e.value.type == "aws:ec2/natGateway:NatGateway"


def test_what_is_free_until_it_is_used_is_told() -> None:
    assert by_use(Declared(type="aws:s3/bucket:Bucket", name="one", inputs={})) == "objects by the GB and request"
    assert by_use(GROUP) is None


def test_every_price_names_its_source() -> None:
    assert all(price.usd > 0 and price.source.endswith(" pricing") for price in UNIT_PRICES)
    assert len({price.what for price in UNIT_PRICES}) == len(UNIT_PRICES)


def test_the_table_has_a_column_per_environment_and_their_sums() -> None:
    text = cost_text({"dev": [GROUP], "prod": [ENDPOINT, ENDPOINT, GROUP]})
    assert text == (
        "| USD a month | each | dev | prod |\n"
        "| --- | --: | --: | --: |\n"
        "| private endpoint | 7.30 | 0 | 14.60 (2) |\n"
        "| **together** |  | **0** | **14.60** |\n\n"
        "What is used costs more: traffic of private endpoints by the GB."
    )


def test_the_platform_costs_what_its_stacks_cost() -> None:
    table = totals_table({"one": {"dev": [], "prod": [ENDPOINT]}, "two": {"dev": [], "prod": [ENDPOINT]}})
    assert table.splitlines()[2:] == [
        "| one | 0 | 7.30 |",
        "| two | 0 | 7.30 |",
        "| **together** | **0** | **14.60** |",
    ]
