"""The definition of the training pipeline, held against the shapes of SageMaker's own API."""

import dataclasses
import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from stacks.sagemaker.pipeline.training import training_pipeline
from stacks.sagemaker.pipeline.validation import validated
from tests.unit.sagemaker.definitions import SETTINGS, document, step, training

OPERATIONS = {
    "Preprocess": ("CreateProcessingJob", {"ProcessingJobName": "n"}),
    "Train": ("CreateTrainingJob", {"TrainingJobName": "n"}),
    "Evaluate": ("CreateProcessingJob", {"ProcessingJobName": "n"}),
    "Register": ("CreateModelPackage", {}),
}


def _filled_in(value: Any) -> Any:
    """The data as SageMaker sends them: references replaced by texts."""
    if isinstance(value, dict):
        if set(value) & {"Get", "Std:Join"}:
            return "s3://filled/in"
        return {key: _filled_in(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner) for inner in value]
    return value


@pytest.fixture(scope="module")
def service() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_arguments_are_those_of_the_api(service: ServiceModel, name: str) -> None:
    operation, job_name = OPERATIONS[name]
    arguments = {**_filled_in(step(document(), name)["Arguments"]), **job_name}
    shape = service.operation_model(operation).input_shape
    assert shape is not None
    assert ParamValidator().validate(arguments, shape).generate_report() == ""


def test_is_valid() -> None:
    text = training().text()
    assert validated(text, vpc=True) == text


def test_text_is_the_same_every_time() -> None:
    assert training().text() == training().text()
    other = dataclasses.replace(SETTINGS, minimum_auc=0.9)
    assert training_pipeline(other).text() != training().text()


def test_steps_stand_in_the_order_they_run() -> None:
    data = document()
    assert [(each["Name"], each["Type"]) for each in data["Steps"]] == [
        ("Preprocess", "Processing"),
        ("Train", "Training"),
        ("Evaluate", "Processing"),
        ("CheckAuc", "Condition"),
    ]
    check = step(data, "CheckAuc")["Arguments"]
    assert [(each["Name"], each["Type"]) for each in check["IfSteps"]] == [("Register", "RegisterModel")]
    assert [(each["Name"], each["Type"]) for each in check["ElseSteps"]] == [("AucTooLow", "Fail")]


def test_registers_only_what_is_good_enough_and_people_approve() -> None:
    data = document()
    (condition,) = step(data, "CheckAuc")["Arguments"]["Conditions"]
    assert condition == {
        "Type": "GreaterThanOrEqualTo",
        "LeftValue": {
            "Std:JsonGet": {
                "PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Report"},
                "Path": "metrics.auc.value",
            }
        },
        "RightValue": {"Get": "Parameters.MinAuc"},
    }
    defaults = {each["Name"]: each["DefaultValue"] for each in data["Parameters"]}
    assert defaults == {
        "InputDataUri": "s3://s3-artifacts/data/raw/",
        "InstanceType": "ml.m5.xlarge",
        "MinAuc": 0.8,
        "ApprovalStatus": "PendingManualApproval",
    }
    assert step(data, "Register")["Arguments"]["ModelPackageGroupName"] == "mpg-test"


def test_executions_do_not_share_folders_or_caches() -> None:
    data = document()
    execution = {"Get": "Execution.PipelineExecutionId"}
    for name in ("Preprocess", "Evaluate"):
        for target in step(data, name)["Arguments"]["ProcessingOutputConfig"]["Outputs"]:
            assert execution in target["S3Output"]["S3Uri"]["Std:Join"]["Values"]
    assert "CacheConfig" not in json.dumps(data)


@pytest.mark.parametrize("name", ["Preprocess", "Evaluate"])
def test_processing_is_encrypted_and_isolated(name: str) -> None:
    arguments = step(document(), name)["Arguments"]
    assert arguments["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == SETTINGS.key
    assert arguments["ProcessingOutputConfig"]["KmsKeyId"] == SETTINGS.key
    assert arguments["NetworkConfig"] == {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
    }


def test_training_is_encrypted_isolated_and_tried_again_where_there_is_no_capacity() -> None:
    train = step(document(), "Train")
    arguments = train["Arguments"]
    assert arguments["ResourceConfig"]["VolumeKmsKeyId"] == SETTINGS.key
    assert arguments["OutputDataConfig"] == {"S3OutputPath": "s3://s3-artifacts/models/", "KmsKeyId": SETTINGS.key}
    assert arguments["EnableNetworkIsolation"] is True
    assert arguments["EnableInterContainerTrafficEncryption"] is True
    assert arguments["VpcConfig"]["SecurityGroupIds"] == ["sg-1"]
    (retry,) = train["RetryPolicies"]
    assert retry["ExceptionType"] == ["SageMaker.CAPACITY_ERROR"]


def test_without_a_vpc_nothing_says_so_but_isolation_stays() -> None:
    text = training_pipeline(dataclasses.replace(SETTINGS, vpc=None)).text()
    assert "VpcConfig" not in text
    assert validated(text, vpc=False) == text
