"""Definitions for tests."""

import copy
import json
from collections.abc import Callable
from typing import Any

from stacks.sagemaker.pipeline.definition import Definition
from stacks.sagemaker.pipeline.jobs import JobVpc
from stacks.sagemaker.pipeline.training import TrainingSettings, training_pipeline

SETTINGS = TrainingSettings(
    bucket="s3-artifacts",
    code="s3://s3-artifacts/code/0123456789abcdef/",
    group="mpg-test",
    role="arn:aws:iam::000000000000:role/job",
    key="arn:aws:kms:eu-west-1:000000000000:key/k",
    image="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    instance_type="ml.m5.xlarge",
    minimum_auc=0.8,
    vpc=JobVpc(subnet_ids=("subnet-1", "subnet-2"), security_group_ids=("sg-1",)),
)


def training() -> Definition:
    """The training pipeline."""
    return training_pipeline(SETTINGS)


def document() -> dict[str, Any]:
    """Its JSON data."""
    return json.loads(training().text())


def with_change(change: Callable[[dict[str, Any]], object]) -> str:
    """Its JSON text, after `change` was made to its data."""
    data = copy.deepcopy(document())
    change(data)
    return json.dumps(data)


def step(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The step of that name, also inside the condition."""
    check = data["Steps"][-1]["Arguments"]
    steps = [*data["Steps"], *check.get("IfSteps", []), *check.get("ElseSteps", [])]
    return next(each for each in steps if each["Name"] == name)
