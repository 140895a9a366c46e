"""A definition that holds more than the APIs of its steps take is refused, and the numbers are the APIs' own."""

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from stacks.sagemaker.pipeline.errors import DefinitionError
from stacks.sagemaker.pipeline.limits import LIMITS, MAXIMUM_DEFAULT, MAXIMUM_STEPS, Limit
from stacks.sagemaker.pipeline.validation import validated
from tests.unit.sagemaker.definitions import step, with_change

OPERATIONS = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "RegisterModel": "CreateModelPackage",
}
STEPS = {"Processing": "Preprocess", "Training": "Train", "RegisterModel": "Register"}
ALL = [(kind, limit) for kind, limits in LIMITS.items() for limit in limits]


@pytest.fixture(scope="module")
def service() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def _at(operation: OperationModel, path: str) -> Any:
    shape: Any = operation.input_shape
    for key in path.removesuffix("[]").split("."):
        shape = shape.members[key]
    if path.endswith("[]"):
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape


@pytest.mark.parametrize(("kind", "limit"), ALL)
def test_limits_are_those_of_the_api(service: ServiceModel, kind: str, limit: Limit) -> None:
    assert _at(service.operation_model(OPERATIONS[kind]), limit.path).metadata["max"] == limit.most


def test_limits_of_the_whole_are_those_of_the_api(service: ServiceModel) -> None:
    start = service.operation_model("StartPipelineExecution")
    assert _at(start, "SelectiveExecutionConfig.SelectedSteps").metadata["max"] == MAXIMUM_STEPS
    parameters = _at(start, "PipelineParameters[]")
    assert parameters.members["Value"].metadata["max"] == MAXIMUM_DEFAULT


def _refused(change: Any) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        validated(with_change(change), vpc=True)
    return caught.value


def _filled(path: str, count: int, *, text: bool) -> Any:
    if path.endswith("[]"):
        return {"k": "x" * count} if path.startswith("HyperParameters") else ["x" * count]
    if text:
        return "x" * count
    if path in {"Environment", "HyperParameters"}:
        return {f"k{index}": "v" for index in range(count)}
    return [f"v{index}" for index in range(count)]


@pytest.mark.parametrize(("kind", "limit"), ALL)
def test_more_than_the_limit_is_refused_and_the_limit_is_not(kind: str, limit: Limit) -> None:
    def change(count: int) -> Any:
        def fill(data: dict[str, Any]) -> None:
            found = step(data, STEPS[kind])
            data["Steps"] = [found]
            _without_references(found)
            *place, last = limit.path.removesuffix("[]").split(".")
            target = found["Arguments"]
            for key in place:
                target = target.setdefault(key, {})
            target[last] = _filled(limit.path, count, text=last.endswith(("Image", "Uri")))

        return fill

    error = _refused(change(limit.most + 1))
    assert error.step == STEPS[kind]
    assert f"Arguments.{limit.path} has {limit.most + 1}" in error.problem
    validated(with_change(change(limit.most)), vpc=True)


def _without_references(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict) and "Get" in inner:
                value[key] = "filled in"
            else:
                _without_references(inner)
    elif isinstance(value, list):
        for inner in value:
            _without_references(inner)


def test_steps_inside_conditions_count() -> None:
    def fails(count: int) -> Any:
        more = [{"Name": f"F{index}", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}} for index in range(count)]
        return lambda data: step(data, "CheckAuc")["Arguments"]["ElseSteps"].extend(more)

    validated(with_change(fails(MAXIMUM_STEPS - 6)), vpc=True)
    error = _refused(fails(MAXIMUM_STEPS - 5))
    assert (error.step, error.problem.partition(";")[0]) == ("", "has 51 steps and may have 50")


@pytest.mark.parametrize(
    ("name", "list_", "key"),
    [
        ("Preprocess", ("ProcessingInputs",), "InputName"),
        ("Preprocess", ("ProcessingOutputConfig", "Outputs"), "OutputName"),
        ("Train", ("InputDataConfig",), "ChannelName"),
    ],
)
def test_two_entries_with_one_name(name: str, list_: tuple[str, ...], key: str) -> None:
    def twice(data: dict[str, Any]) -> None:
        found: Any = step(data, name)["Arguments"]
        for part in list_:
            found = found[part]
        found.append(found[0])

    error = _refused(twice)
    assert error.step == name
    assert f"two entries with {key}" in error.problem


@pytest.mark.parametrize(
    ("kind", "default"),
    [("String", 1), ("Integer", 1.5), ("Integer", True), ("Float", "0.8"), ("Float", True), ("Boolean", 1)],
)
def test_a_default_of_another_type(kind: str, default: Any) -> None:
    parameter = {"Name": "P", "Type": kind, "DefaultValue": default}
    assert _refused(lambda data: data["Parameters"].append(parameter)).problem == (
        f"parameter P has a default that is no {kind}"
    )


@pytest.mark.parametrize(("kind", "default"), [("Float", 1), ("Boolean", False), ("Integer", 3), ("String", "")])
def test_a_default_of_its_type(kind: str, default: Any) -> None:
    parameter = {"Name": "P", "Type": kind, "DefaultValue": default}
    validated(with_change(lambda data: data["Parameters"].append(parameter)), vpc=True)


def test_a_default_that_is_too_long() -> None:
    def parameter(length: int) -> Any:
        long = {"Name": "P", "Type": "String", "DefaultValue": "x" * length}
        return lambda data: data["Parameters"].append(long)

    validated(with_change(parameter(MAXIMUM_DEFAULT)), vpc=True)
    assert "over 1024 characters" in _refused(parameter(MAXIMUM_DEFAULT + 1)).problem
