"""Every job is encrypted with our key and isolated, in our VPC where there is one."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from stacks.sagemaker.pipeline.document import StepPart, first_problem
from stacks.sagemaker.pipeline.errors import DefinitionError


def _on(value: bool) -> bool:  # noqa: FBT001 - pydantic calls it with the value alone
    if not value:
        raise ValueError("is off")
    return value


# Not Literal[True], which takes the number 1 as well.
On = Annotated[bool, AfterValidator(_on)]
Filled = Annotated[str, Field(min_length=1)]
Several = Annotated[list[Filled], Field(min_length=1)]
_Checked = TypeVar("_Checked", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class VpcPart(_Part):
    """Where a job runs."""

    Subnets: Several
    SecurityGroupIds: Several


class IsolationPart(_Part):
    """How a job is kept apart."""

    EnableNetworkIsolation: On
    EnableInterContainerTrafficEncryption: On
    VpcConfig: VpcPart | None = None


class VolumePart(_Part):
    """The volume of a job's machine."""

    VolumeKmsKeyId: Filled


class ResultPart(_Part):
    """What a job writes."""

    KmsKeyId: Filled


class ProcessingResourcesPart(_Part):
    """The machines of a processing job."""

    ClusterConfig: VolumePart


class ProcessingPart(_Part):
    """What a processing job must say."""

    RoleArn: Filled
    ProcessingResources: ProcessingResourcesPart
    ProcessingOutputConfig: ResultPart
    NetworkConfig: IsolationPart


class TrainingPart(IsolationPart):
    """What a training job must say."""

    RoleArn: Filled
    ResourceConfig: VolumePart
    OutputDataConfig: ResultPart


def check_isolation(step: StepPart, *, vpc: bool) -> None:
    """Raise DefinitionError where the job of `step` lacks a key or its isolation. vpc: whether jobs must be in one."""
    if step.Type == "Processing":
        _check_vpc(step, _checked(ProcessingPart, step).NetworkConfig, vpc=vpc)
    elif step.Type == "Training":
        _check_vpc(step, _checked(TrainingPart, step), vpc=vpc)


def _checked(part: type[_Checked], step: StepPart) -> _Checked:
    data: dict[str, Any] = step.Arguments
    try:
        return part.model_validate(data)
    except ValidationError as error:
        raise DefinitionError(step.Name, f"{first_problem(error)}; jobs are encrypted and isolated") from None


def _check_vpc(step: StepPart, isolation: IsolationPart, *, vpc: bool) -> None:
    if vpc and isolation.VpcConfig is None:
        raise DefinitionError(step.Name, "has no VpcConfig; jobs run in the VPC of the environment")
