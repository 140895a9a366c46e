"""A pipeline's definition, and its JSON text: the 2020-12-01 format of SageMaker Pipelines."""

import dataclasses
import json
from typing import Any, Literal

from stacks.sagemaker.pipeline.decisions import Step
from stacks.sagemaker.pipeline.values import Reference


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameter:
    """A value that whoever starts the pipeline may give."""

    name: str
    type: Literal["String", "Integer", "Float", "Boolean"]
    default: str | int | float | bool

    @property
    def reference(self) -> Reference:
        """Return the parameter as a value in steps."""
        return Reference(f"Parameters.{self.name}")

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Name": self.name, "Type": self.type, "DefaultValue": self.default}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Definition:
    """A pipeline. Steps stand in an order in which they could run."""

    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]

    def text(self) -> str:
        """Return the JSON text: the same for the same definition."""
        experiment = {
            "ExperimentName": Reference("Execution.PipelineName").render(),
            "TrialName": Reference("Execution.PipelineExecutionId").render(),
        }
        document = {
            "Version": "2020-12-01",
            "Metadata": {},
            "Parameters": [parameter.render() for parameter in self.parameters],
            "PipelineExperimentConfig": experiment,
            "Steps": [step.render() for step in self.steps],
        }
        return json.dumps(document, sort_keys=True, allow_nan=False)
