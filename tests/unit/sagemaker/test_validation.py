"""Every rule of the validation refuses one example."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.sagemaker.pipeline.document import MAXIMUM_CHARACTERS, MAXIMUM_PARAMETERS
from stacks.sagemaker.pipeline.errors import DefinitionError
from stacks.sagemaker.pipeline.validation import validated
from tests.unit.sagemaker.definitions import document, step, with_change

Change = Callable[[dict[str, Any]], object]


def _refused(change: Change, *, vpc: bool = True) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        validated(with_change(change), vpc=vpc)
    return caught.value


def _set(name: str, *path: str | int, to: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        place: Any = step(data, name)
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


def _drop(name: str, *path: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        place: Any = step(data, name)
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "{}", "[" * 100_000])
def test_text_that_is_no_definition(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        validated(text, vpc=True)
    assert caught.value.step == ""


def test_too_long() -> None:
    data = document()
    fits = json.dumps(data)
    filler = MAXIMUM_CHARACTERS - len(json.dumps({**data, "Metadata": {"filler": ""}}))
    assert len(fits) < MAXIMUM_CHARACTERS
    validated(json.dumps({**data, "Metadata": {"filler": "x" * filler}}), vpc=True)
    with pytest.raises(DefinitionError, match="1048577 characters and may have 1048576"):
        validated(json.dumps({**data, "Metadata": {"filler": "x" * (filler + 1)}}), vpc=True)


def test_too_many_parameters() -> None:
    def parameters(count: int) -> Change:
        more = [{"Name": f"P{index}", "Type": "String", "DefaultValue": ""} for index in range(count)]
        return lambda data: data["Parameters"].extend(more[: count - len(data["Parameters"])])

    validated(with_change(parameters(MAXIMUM_PARAMETERS)), vpc=True)
    assert "Parameters" in _refused(parameters(MAXIMUM_PARAMETERS + 1)).problem


def test_two_parameters_with_one_name() -> None:
    error = _refused(lambda data: data["Parameters"].append(data["Parameters"][0]))
    assert error.problem == "has two parameters named InputDataUri; names are unique"


def test_another_version() -> None:
    assert "Version" in _refused(lambda data: data.update(Version="2021-01-01")).problem


def test_no_steps() -> None:
    assert "Steps" in _refused(lambda data: data.update(Steps=[])).problem


@pytest.mark.parametrize("name", ["", "a b", "a.b", "x" * 65, "Train\n", "é"])
def test_step_name(name: str) -> None:
    assert _refused(_set("Preprocess", "Name", to=name)).problem.startswith("Steps.0.Name: ")


def test_step_of_an_unknown_type() -> None:
    assert "Type" in _refused(_set("Preprocess", "Type", to="Lambda")).problem


def test_two_steps_with_one_name() -> None:
    error = _refused(lambda data: data["Steps"].insert(1, data["Steps"][0]))
    assert (error.step, "unique" in error.problem) == ("Preprocess", True)


def test_a_step_in_a_condition_with_the_name_of_another() -> None:
    error = _refused(_set("AucTooLow", "Name", to="Register"))
    assert error.step == "Register"
    assert "also inside conditions" in error.problem


def test_a_condition_without_branches() -> None:
    error = _refused(_drop("CheckAuc", "Arguments", "ElseSteps"))
    assert (error.step, error.problem) == ("CheckAuc", "ElseSteps: Field required")


@pytest.mark.parametrize(
    "path",
    [
        "Parameters.Nothing",
        "Parameters.",
        "Execution.Nothing",
        "Steps.Nothing.ModelArtifacts.S3ModelArtifacts",
        "Steps.Train",
        "Steps.Train.",
        "Nothing.At.All",
        "",
        "Steps.Preprocess.ProcessingOutputConfig.Outputs['nothing'].S3Output.S3Uri",
        "Steps.Preprocess.ProcessingOutputConfig.Outputs",
        "Steps.Preprocess.PropertyFiles.Nothing",
        "Steps.Preprocess.ModelArtifacts.S3ModelArtifacts",
        "Steps.CheckAuc.Outcome",
    ],
)
def test_reference_to_what_is_not_there(path: str) -> None:
    error = _refused(_set("Evaluate", "Arguments", "RoleArn", to={"Get": path}))
    assert error.step == "Evaluate"
    assert repr(path) in error.problem


def test_reference_that_is_no_text() -> None:
    assert _refused(_set("Train", "Arguments", "RoleArn", to={"Get": ["Parameters.MinAuc"]})).step == "Train"


def test_reference_of_the_definition_itself() -> None:
    error = _refused(lambda data: data["PipelineExperimentConfig"].update(TrialName={"Get": "Execution.Nothing"}))
    assert error.step == ""


def test_property_file_of_a_target_that_is_not_there() -> None:
    error = _refused(_set("Evaluate", "PropertyFiles", 0, "OutputName", to="nothing"))
    assert error.step == "CheckAuc"
    assert "'Steps.Evaluate.PropertyFiles.Report', which step Evaluate does not have" in error.problem


def test_dependency_on_a_step_that_is_not_there() -> None:
    assert _refused(_set("Train", "DependsOn", to=["Nothing"])).problem == (
        "depends on step 'Nothing', which does not exist"
    )


def test_steps_in_a_circle() -> None:
    error = _refused(_set("Preprocess", "DependsOn", to=["Evaluate"]))
    assert error.problem.startswith("waits for itself: ")
    assert "Evaluate" in error.problem


def test_a_step_that_waits_for_itself() -> None:
    error = _refused(_set("Train", "DependsOn", to=["Train"]))
    assert (error.step, error.problem) == ("Train", "waits for itself: Train <- Train")


def test_a_step_before_what_it_needs() -> None:
    error = _refused(lambda data: data["Steps"].insert(0, data["Steps"].pop(1)))
    assert (error.step, error.problem) == ("Train", "needs step Preprocess, which comes later; put it before")


def test_a_step_that_needs_the_other_branch() -> None:
    error = _refused(_set("AucTooLow", "DependsOn", to=["Register"]))
    assert error.problem == "needs step Register, which may not run: it is in IfSteps of CheckAuc"


def test_a_step_that_needs_one_inside_a_condition() -> None:
    after = {"Name": "After", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}, "DependsOn": ["Register"]}

    def change(data: dict[str, Any]) -> None:
        data["Steps"].append(after)

    assert _refused(change).problem.startswith("needs step Register, which may not run")


PROCESSING = [
    ("RoleArn",),
    ("ProcessingResources", "ClusterConfig", "VolumeKmsKeyId"),
    ("ProcessingOutputConfig", "KmsKeyId"),
    ("NetworkConfig",),
    ("NetworkConfig", "EnableNetworkIsolation"),
    ("NetworkConfig", "EnableInterContainerTrafficEncryption"),
    ("NetworkConfig", "VpcConfig"),
    ("NetworkConfig", "VpcConfig", "Subnets"),
    ("NetworkConfig", "VpcConfig", "SecurityGroupIds"),
]
TRAINING = [
    ("RoleArn",),
    ("ResourceConfig", "VolumeKmsKeyId"),
    ("OutputDataConfig", "KmsKeyId"),
    ("EnableNetworkIsolation",),
    ("EnableInterContainerTrafficEncryption",),
    ("VpcConfig",),
    ("VpcConfig", "Subnets"),
    ("VpcConfig", "SecurityGroupIds"),
]
PROTECTIONS = [
    *[("Preprocess", path) for path in PROCESSING],
    *[("Evaluate", path) for path in PROCESSING],
    *[("Train", path) for path in TRAINING],
]


@pytest.mark.parametrize(("name", "path"), PROTECTIONS)
def test_a_job_without_one_of_its_protections(name: str, path: tuple[str, ...]) -> None:
    def drop(data: dict[str, Any]) -> None:
        # A later step may refer to what goes; what protects is looked at on its own.
        data["Steps"] = [step(data, name)]
        _remove_references(data)
        _drop_in(data["Steps"][0]["Arguments"], path)

    error = _refused(drop)
    assert error.step == name
    assert path[-1] in error.problem


@pytest.mark.parametrize(("name", "path"), [each for each in PROTECTIONS if each[1][-1].startswith("Enable")])
@pytest.mark.parametrize("value", [False, "true", 1, None, {"Get": "Parameters.MinAuc"}])
def test_a_job_whose_isolation_is_not_on(name: str, path: tuple[str, ...], value: Any) -> None:
    assert _refused(_set(name, "Arguments", *path, to=value)).step == name


def test_a_job_whose_key_is_empty() -> None:
    assert _refused(_set("Train", "Arguments", "OutputDataConfig", "KmsKeyId", to="")).step == "Train"


def test_a_job_needs_no_vpc_where_there_is_none() -> None:
    text = with_change(_drop("Train", "Arguments", "VpcConfig"))
    assert validated(text, vpc=False) == text
    assert _refused(_drop("Train", "Arguments", "VpcConfig")).problem.startswith("has no VpcConfig")


# Put together here, so that no file holds what looks like a secret.
SECRETS = {
    "an AWS access key": "AK" + "IA" + "Z" * 16,
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "a storage account key": "Account" + "Key=abc",
    "a shared access signature": "https://x.example/y?sv=1&" + "sig=abc",
    "a JSON web token": "eyJ" + "h" * 10 + ".eyJ" + "p" * 10 + ".s",
    "a GitHub token": "gh" + "p_" + "a" * 36,
    "a password in an address": "https://user" + ":pw@x.example",
}


@pytest.mark.parametrize("look", sorted(SECRETS))
def test_a_secret_in_a_step(look: str) -> None:
    error = _refused(_set("Train", "Arguments", "HyperParameters", "rounds", to=f"x {SECRETS[look]}"))
    assert error.step == "Train"
    assert error.problem.startswith(f"Arguments.HyperParameters.rounds looks like {look}")
    assert SECRETS[look] not in str(error)


@pytest.mark.parametrize("name", ["password", "db_passwd", "API_KEY", "client-secret", "auth_token", "Credentials"])
def test_a_name_of_a_secret(name: str) -> None:
    error = _refused(_set("Preprocess", "Arguments", "Environment", to={name: "hunter2"}))
    assert error.step == "Preprocess"
    assert "hunter2" not in str(error)


def test_a_secret_inside_a_condition_is_found_once_in_its_own_step() -> None:
    error = _refused(_set("AucTooLow", "Arguments", "ErrorMessage", to=SECRETS["a GitHub token"]))
    assert error.step == "AucTooLow"


def test_a_parameter_that_is_a_secret() -> None:
    parameter = {"Name": "DatabasePassword", "Type": "String", "DefaultValue": "hunter2"}
    error = _refused(lambda data: data["Parameters"].append(parameter))
    assert error.step == ""
    assert "hunter2" not in str(error)
    del parameter["DefaultValue"]
    validated(with_change(lambda data: data["Parameters"].append(parameter)), vpc=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Get", "Name", "Steps", "IfSteps", "Outputs", "OutputName", "DependsOn", "x"]), inner
        )
    ),
    max_leaves=8,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        inner = [place for key, each in value.items() for place in _places(each, (*path, key))]
        return [*([path] if path else []), *inner]
    if isinstance(value, list):
        inner = [place for index, each in enumerate(value) for place in _places(each, (*path, index))]
        return [path, *inner]
    return [path]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(place=st.sampled_from(_places(document())), value=JSON)
def test_any_change_is_accepted_or_refused_but_never_crashes(place: tuple[str | int, ...], value: Any) -> None:
    data: Any = document()
    parent = data
    for key in place[:-1]:
        parent = parent[key]
    parent[place[-1]] = value
    try:
        validated(json.dumps(data), vpc=True)
    except DefinitionError as error:
        problem = error.problem
    else:
        problem = "none"
    assert problem


@settings(max_examples=100, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_chain_of_steps_is_valid_until_it_is_closed(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 8))
    needs = {index: data.draw(st.sets(st.integers(0, index - 1))) if index else set[int]() for index in range(count)}
    for index in range(1, count):
        needs[index].add(index - 1)

    def text() -> str:
        steps = [
            {
                "Name": f"S{index}",
                "Type": "Fail",
                "Arguments": {"ErrorMessage": "x"},
                "DependsOn": [f"S{other}" for other in sorted(needs[index])],
            }
            for index in range(count)
        ]
        return json.dumps({"Version": "2020-12-01", "Steps": steps})

    validated(text(), vpc=True)
    needs[data.draw(st.integers(0, count - 2))].add(count - 1)
    with pytest.raises(DefinitionError, match="waits for itself"):
        validated(text(), vpc=True)


def _drop_in(place: Any, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]


def _remove_references(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict) and str(inner.get("Get", "")).startswith("Steps."):
                value[key] = "s3://somewhere"
            else:
                _remove_references(inner)
    elif isinstance(value, list):
        for inner in value:
            _remove_references(inner)
