"""Steps that run no job: the condition, the registration of a model, the failure."""

import dataclasses
from typing import Any

from stacks.sagemaker.pipeline.jobs import ProcessingStep, TrainingStep
from stacks.sagemaker.pipeline.values import JsonGet, Reference, Value, rendered


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegisterStep:
    """Registers a model as a new version in a model package group. approval: the status that it begins with."""

    name: str
    group: str
    approval: Value
    image: str
    model: Reference
    content_type: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data. Arguments are those of CreateModelPackage."""
        inference = {
            "Containers": [{"Image": self.image, "ModelDataUrl": self.model.render()}],
            "SupportedContentTypes": [self.content_type],
            "SupportedResponseMIMETypes": [self.content_type],
            "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large"],
            "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
        }
        arguments = {
            "ModelPackageGroupName": self.group,
            "ModelApprovalStatus": rendered(self.approval),
            "InferenceSpecification": inference,
        }
        return {"Name": self.name, "Type": "RegisterModel", "Arguments": arguments}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FailStep:
    """Ends the execution as failed."""

    name: str
    message: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Name": self.name, "Type": "Fail", "Arguments": {"ErrorMessage": self.message}}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConditionStep:
    """Goes one way where a measured value is at least the given one, and the other way where not."""

    name: str
    measured: JsonGet
    at_least: Reference
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        condition = {
            "Type": "GreaterThanOrEqualTo",
            "LeftValue": self.measured.render(),
            "RightValue": self.at_least.render(),
        }
        arguments = {
            "Conditions": [condition],
            "IfSteps": [step.render() for step in self.then],
            "ElseSteps": [step.render() for step in self.otherwise],
        }
        return {"Name": self.name, "Type": "Condition", "Arguments": arguments}


Step = ProcessingStep | TrainingStep | ConditionStep | RegisterStep | FailStep
