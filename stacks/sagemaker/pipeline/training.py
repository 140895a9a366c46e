"""The training pipeline: preprocess, train, evaluate, and register what is good enough."""

import dataclasses

from stacks.sagemaker import layout
from stacks.sagemaker.pipeline.decisions import ConditionStep, FailStep, RegisterStep
from stacks.sagemaker.pipeline.definition import Definition, Parameter
from stacks.sagemaker.pipeline.jobs import (
    Channel,
    JobSettings,
    JobVpc,
    ProcessingStep,
    PropertyFile,
    Source,
    Target,
    TrainingStep,
)
from stacks.sagemaker.pipeline.values import Join, JsonGet, Reference

_PROCESSING = "/opt/ml/processing"
_CHANNELS = "/opt/ml/input/data"
_EXECUTION = Reference("Execution.PipelineExecutionId")
_CSV = "text/csv"
INPUT_PARAMETER = "InputDataUri"
"""Name of the parameter that says where raw data is."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """What the training pipeline depends on. code: folder of the scripts in S3; role and key: ARNs."""

    bucket: str
    code: str
    group: str
    role: str
    key: str
    image: str
    instance_type: str
    minimum_auc: float
    vpc: JobVpc | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Parameters:
    data: Parameter
    instance_type: Parameter
    minimum_auc: Parameter
    approval: Parameter


def training_pipeline(settings: TrainingSettings) -> Definition:
    """Return the definition.

    Every execution writes to folders of its own: two at a time do not mix, and none sees what another left behind.
    Steps are not cached: a cache compares arguments, and new data arrives under the same arguments.
    """
    parameters = _parameters(settings)
    job = JobSettings(
        role=settings.role,
        key=settings.key,
        image=settings.image,
        instance_type=parameters.instance_type.reference,
        vpc=settings.vpc,
    )
    preprocess = _preprocess(settings, job, parameters.data)
    train = _train(settings, job, preprocess)
    evaluate = _evaluate(settings, job, preprocess, train)
    check = ConditionStep(
        name="CheckAuc",
        measured=JsonGet(file=evaluate.property_file("Report"), path="metrics.auc.value"),
        at_least=parameters.minimum_auc.reference,
        then=(_register(settings, parameters.approval, train),),
        otherwise=(FailStep(name="AucTooLow", message="The model's AUC is below the threshold MinAuc"),),
    )
    given = (parameters.data, parameters.instance_type, parameters.minimum_auc, parameters.approval)
    return Definition(parameters=given, steps=(preprocess, train, evaluate, check))


def raw_data(bucket: str) -> str:
    """Return where the raw data in `bucket` is, as a folder in S3."""
    return f"s3://{bucket}/{layout.RAW}/"


def _parameters(settings: TrainingSettings) -> _Parameters:
    return _Parameters(
        data=Parameter(name=INPUT_PARAMETER, type="String", default=raw_data(settings.bucket)),
        instance_type=Parameter(name="InstanceType", type="String", default=settings.instance_type),
        minimum_auc=Parameter(name="MinAuc", type="Float", default=settings.minimum_auc),
        approval=Parameter(name="ApprovalStatus", type="String", default="PendingManualApproval"),
    )


def _code(settings: TrainingSettings) -> Source:
    return Source(name="code", uri=settings.code, path=f"{_PROCESSING}/input/code")


def _preprocess(settings: TrainingSettings, job: JobSettings, data: Parameter) -> ProcessingStep:
    raw, train, test = f"{_PROCESSING}/input/raw", f"{_PROCESSING}/train", f"{_PROCESSING}/test"
    prepared = f"s3://{settings.bucket}/{layout.PREPARED}"
    return ProcessingStep(
        name="Preprocess",
        job=job,
        script=f"{_PROCESSING}/input/code/preprocess.py",
        arguments=("--raw", raw, "--train", train, "--test", test, "--test-share", "0.2"),
        sources=(_code(settings), Source(name="raw", uri=data.reference, path=raw)),
        targets=(
            Target(name="train", uri=Join((prepared, _EXECUTION, "train")), path=train),
            Target(name="test", uri=Join((prepared, _EXECUTION, "test")), path=test),
        ),
    )


def _train(settings: TrainingSettings, job: JobSettings, preprocess: ProcessingStep) -> TrainingStep:
    return TrainingStep(
        name="Train",
        job=job,
        script=f"{_CHANNELS}/code/train.py",
        arguments=(
            *("--train", f"{_CHANNELS}/train"),
            *("--hyperparameters", "/opt/ml/input/config/hyperparameters.json"),
            *("--model", "/opt/ml/model"),
        ),
        hyperparameters={"rounds": "200", "learning_rate": "0.5", "l2": "0.001"},
        channels=(
            Channel(name="code", uri=settings.code, content_type="text/x-python"),
            Channel(name="train", uri=preprocess.target("train"), content_type=_CSV),
        ),
        target=f"s3://{settings.bucket}/{layout.MODELS}/",
    )


def _evaluate(
    settings: TrainingSettings, job: JobSettings, preprocess: ProcessingStep, train: TrainingStep
) -> ProcessingStep:
    model, test, report = f"{_PROCESSING}/input/model", f"{_PROCESSING}/input/test", f"{_PROCESSING}/evaluation"
    evaluation = f"s3://{settings.bucket}/{layout.EVALUATION}"
    return ProcessingStep(
        name="Evaluate",
        job=job,
        script=f"{_PROCESSING}/input/code/evaluate.py",
        arguments=("--model", f"{model}/model.tar.gz", "--test", test, "--report", f"{report}/evaluation.json"),
        sources=(
            _code(settings),
            Source(name="model", uri=train.model, path=model),
            Source(name="test", uri=preprocess.target("test"), path=test),
        ),
        targets=(Target(name="evaluation", uri=Join((evaluation, _EXECUTION)), path=report),),
        property_files=(PropertyFile(name="Report", target="evaluation", path="evaluation.json"),),
    )


def _register(settings: TrainingSettings, approval: Parameter, train: TrainingStep) -> RegisterStep:
    return RegisterStep(
        name="Register",
        group=settings.group,
        approval=approval.reference,
        image=settings.image,
        model=train.model,
        content_type=_CSV,
    )
