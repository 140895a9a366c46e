"""Jobs that a SageMaker pipeline starts are isolated, encrypted and in our network.

Checkov has no rule for pipelines: what a job may reach stands in the definition, which is text to it. Names of
arguments: "Amazon SageMaker API Reference", CreateTrainingJob, CreateProcessingJob.
"""

import json
from collections.abc import Callable, Iterator

from shared.policy.json_value import Json, at, is_list, is_mapping
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule
from shared.policy.suppression import EVERYWHERE

_TYPES = frozenset({"aws:sagemaker/pipeline:Pipeline"})
_JOBS = ("Processing", "Training")
# Steps that start no machine of ours; any other kind is unknown, and an unknown job is not an isolated one.
_HARMLESS = frozenset({"Condition", "Fail", "RegisterModel", "Model"})


def _isolated(arguments: Json) -> bool:
    network = at(arguments, "NetworkConfig") or arguments
    wanted = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption")
    return all(at(network, name) is True for name in wanted)


def _encrypted(arguments: Json) -> bool:
    volume = at(arguments, "ProcessingResources.ClusterConfig") or at(arguments, "ResourceConfig")
    output = at(arguments, "ProcessingOutputConfig") or at(arguments, "OutputDataConfig")
    return bool(at(volume, "VolumeKmsKeyId")) and bool(at(output, "KmsKeyId"))


def _in_network(arguments: Json) -> bool:
    place = at(arguments, "NetworkConfig.VpcConfig") or at(arguments, "VpcConfig")
    return bool(at(place, "Subnets")) and bool(at(place, "SecurityGroupIds"))


def _every_job(good: Callable[[Json], bool], what: str) -> Callable[[Resource, Estate], str]:
    def problem(resource: Resource, _: Estate) -> str:
        try:
            definition: Json = json.loads(resource.inputs.get("pipelineDefinition") or "")
        except ValueError:
            return "the definition cannot be read here, so that nobody can say what its jobs do"
        steps = list(_steps(at(definition, "Steps")))
        unknown = [_named(step) for step in steps if at(step, "Type") not in (*_JOBS, *_HARMLESS)]
        if unknown:
            return f"nobody can say whether {', '.join(unknown)} is safe: its kind of step is unknown here"
        bad = [_named(step) for step in steps if at(step, "Type") in _JOBS and not good(at(step, "Arguments"))]
        return f"{', '.join(bad)} {what}" if bad else ""

    return problem


def _steps(steps: Json) -> Iterator[Json]:
    """Yield steps with those inside of conditions."""
    for step in steps if is_list(steps) else []:
        if is_mapping(step):
            yield step
            for branch in ("IfSteps", "ElseSteps"):
                yield from _steps(at(step, f"Arguments.{branch}"))


def _named(step: Json) -> str:
    return f"step {at(step, 'Name')}"


RULES = (
    Rule(
        id="MLP_AWS_2",
        title="jobs of a pipeline have no network beside what they are given, and encrypt what they say to each other",
        types=_TYPES,
        problem=_every_job(_isolated, "runs without network isolation or encryption between its containers"),
        fix="EnableNetworkIsolation and EnableInterContainerTrafficEncryption, both true",
    ),
    Rule(
        id="MLP_AWS_3",
        title="jobs of a pipeline encrypt their volumes and their output with a key of ours",
        types=_TYPES,
        problem=_every_job(_encrypted, "writes to a volume or a bucket without a key of ours"),
        fix="VolumeKmsKeyId and KmsKeyId",
    ),
    Rule(
        id="MLP_AWS_4",
        title="jobs of a pipeline run in our subnets",
        types=_TYPES,
        problem=_every_job(_in_network, "runs outside of our network"),
        fix="VpcConfig with Subnets and SecurityGroupIds",
        # In development there is no network to run in: a job that is isolated has none at all.
        tiers=EVERYWHERE - {"development"},
    ),
)
