"""Amazon SageMaker AI: pipelines and the model registry."""

import json

from shared.sandbox.catalog.aws.account import Reference, aws, held_by, regional_arn, unless_held
from shared.sandbox.catalog.aws.iam import role_reference
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import is_list, is_mapping

MODEL_PACKAGE = "aws:sagemaker/modelPackage:ModelPackage"
"""What a pipeline registers. No provider makes one, but one holds its group."""
_VERSION = "2020-12-01"
_DEFINITION_LIMIT = 1_048_576  # characters; API CreatePipeline
_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9])"


def _refuse(problem: str) -> CloudError:
    return CloudError("ValidationException", problem)


def _check_definition(text: str) -> None:
    if len(text) > _DEFINITION_LIMIT:
        raise _refuse(f"Pipeline definition has {len(text)} characters and may have {_DEFINITION_LIMIT}")
    try:
        definition = json.loads(text)
    except ValueError:
        raise _refuse("Pipeline definition is not valid JSON") from None
    if not is_mapping(definition) or definition.get("Version") != _VERSION:
        raise _refuse(f"Unable to parse pipeline definition. Version must be {_VERSION}")
    steps = definition.get("Steps")
    if not is_list(steps) or not all(is_mapping(step) and step.get("Name") and step.get("Type") for step in steps):
        raise _refuse("Unable to parse pipeline definition. Steps must be a list of steps with Name and Type")
    names = [step["Name"] for step in steps]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refuse(f"Unable to parse pipeline definition. Duplicate step names: {', '.join(twice)}")


def _check_pipeline(request: Request) -> None:
    inline = request.inputs.get("pipelineDefinition")
    location = request.inputs.get("pipelineDefinitionS3Location")
    if (inline is None) == (location is None):
        raise _refuse("exactly one of pipelineDefinition and pipelineDefinitionS3Location must be given")
    if inline is not None:
        _check_definition(str(inline))
    if not request.text("roleArn"):
        raise _refuse("Value null at 'roleArn' failed to satisfy constraint: Member must not be null")


MODELS = (
    aws(
        "sagemaker/modelPackageGroup:ModelPackageGroup",
        properties="modelPackageGroupDescription",
        required="modelPackageGroupName",
        tagged=True,
        name=NameRule(property="modelPackageGroupName", pattern=rf"(?=.{{1,63}}$){_NAME}*", code="ValidationException"),
        make_id=lambda request: request.text("modelPackageGroupName"),
        arn=lambda request: regional_arn(request, "sagemaker", f"model-package-group/{request.id}"),
        taken_code="ValidationException",
        check_delete=unless_held(
            "ConflictException",
            "Model package group {} has model packages; delete them first",
            held_by(MODEL_PACKAGE, "modelPackageGroupName"),
        ),
        replace_on="modelPackageGroupDescription modelPackageGroupName",
    ),
    aws(
        "sagemaker/pipeline:Pipeline",
        properties="parallelismConfiguration pipelineDefinition pipelineDefinitionS3Location pipelineDescription"
        " roleArn",
        required="pipelineDisplayName pipelineName",
        tagged=True,
        name=NameRule(property="pipelineName", pattern=rf"(?=.{{1,256}}$){_NAME}*", code="ValidationException"),
        make_id=lambda request: request.text("pipelineName"),
        arn=lambda request: regional_arn(request, "sagemaker", f"pipeline/{request.id.lower()}"),
        taken_code="ValidationException",
        references=(
            role_reference("roleArn", "ValidationException"),
            Reference(
                property="pipelineDefinitionS3Location.bucket",
                targets={"aws:s3/bucket:Bucket": ("id",)},
                code="ValidationException",
                message="The bucket {} of the pipeline definition does not exist",
            ),
        ),
        check=_check_pipeline,
        replace_on="pipelineName",
    ),
)
