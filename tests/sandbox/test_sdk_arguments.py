"""The check of what providers are sent sees each kind of mistake."""

from typing import Any

import pytest

from tests.sandbox.sdk_arguments import argument_problems

COMPUTE = "azure-native:machinelearningservices:Compute"
SIZE = {"scaleSettings": {"maxNodeCount": 4.0, "minNodeCount": 0.0}, "vmPriority": "Dedicated"}


def compute(*, kind: str = "AmlCompute", **properties: Any) -> dict[str, Any]:
    """Return the inputs of a cluster, with changed properties."""
    inner = {"computeType": kind, "disableLocalAuth": True, "properties": {**SIZE, **properties}}
    return {"computeName": "cpu", "resourceGroupName": "rg", "workspaceName": "mlw", "properties": inner}


def test_what_the_service_knows_is_no_problem() -> None:
    assert argument_problems(COMPUTE, compute()) == []


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({**compute(), "vmSize": "x"}, "vmSize is no argument"),
        ({"computeName": "cpu", "resourceGroupName": "rg"}, "workspaceName is missing"),
        (compute(vnet="x"), "properties.properties.vnet is no argument"),
        (
            compute(vmPriority="Low"),
            "properties.properties.vmPriority is 'Low', not one of 'Dedicated', 'LowPriority'",
        ),
        (compute(scaleSettings={"minNodeCount": 0}), "properties.properties.scaleSettings.maxNodeCount is missing"),
        (
            compute(scaleSettings={"maxNodeCount": 1.5}),
            "properties.properties.scaleSettings.maxNodeCount is 1.5, not int",
        ),
        (compute(isolatedNetwork="yes"), "properties.properties.isolatedNetwork is 'yes', not bool"),
        (compute(scaleSettings=4), "properties.properties.scaleSettings is int, not an object"),
        ({**compute(), "tags": ["a"]}, "tags is list, not a Mapping"),
        ({**compute(), "tags": {"a": 1}}, "tags.a is 1, not str"),
    ],
)
def test_each_kind_of_mistake_is_named(inputs: dict[str, Any], problem: str) -> None:
    assert argument_problems(COMPUTE, inputs) == [f"{COMPUTE}: {problem}"]


def test_one_of_several_forms_says_which_it_is() -> None:
    (problem,) = argument_problems(COMPUTE, compute(kind="AmlCluster"))
    assert problem.startswith(f"{COMPUTE}: properties.computeType is 'AmlCluster', and can only be ")


def test_the_items_of_a_list_are_looked_at() -> None:
    inputs = {"resourceGroupName": "rg", "securityRules": [{"access": "Permit"}]}
    problems = argument_problems("azure-native:network:NetworkSecurityGroup", inputs)
    assert "azure-native:network:NetworkSecurityGroup: securityRules[0].access is 'Permit', " in problems[0]
    assert "azure-native:network:NetworkSecurityGroup: securityRules[0].direction is missing" in problems


def test_a_type_that_no_sdk_has_is_refused() -> None:
    with pytest.raises(LookupError, match="azure-native:network:Cable"):
        argument_problems("azure-native:network:Cable", {})
