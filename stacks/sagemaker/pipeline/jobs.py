"""Steps that run a job: processing and training. Each is encrypted and isolated by construction."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from stacks.sagemaker.pipeline.values import Reference, Value, rendered


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobVpc:
    """Ids of the subnets and the security groups that jobs run in."""

    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"Subnets": list(self.subnet_ids), "SecurityGroupIds": list(self.security_group_ids)}


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobSettings:
    """What all jobs of a pipeline share. role and key are ARNs, image is an ECR URI."""

    role: str
    key: str
    image: str
    instance_type: Value
    vpc: JobVpc | None
    volume_gb: int = 30
    limit_seconds: int = 3600

    def cluster(self) -> dict[str, Any]:
        """Return the machines of one job."""
        return {
            "InstanceType": rendered(self.instance_type),
            "InstanceCount": 1,
            "VolumeSizeInGB": self.volume_gb,
            "VolumeKmsKeyId": self.key,
        }

    def isolation(self) -> dict[str, Any]:
        """Return how one job is kept apart: no calls out of its container, encrypted traffic, our VPC."""
        vpc = {"VpcConfig": self.vpc.render()} if self.vpc else {}
        return {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, **vpc}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Source:
    """What a processing job reads. name: unique in the job; uri: in S3; path: of the folder in the container."""

    name: str
    uri: Value
    path: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        place = {"S3Uri": rendered(self.uri), "LocalPath": self.path, "S3DataType": "S3Prefix", "S3InputMode": "File"}
        return {"InputName": self.name, "AppManaged": False, "S3Input": place}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """What a processing job writes. name: unique in the job; uri: in S3; path: of the folder in the container."""

    name: str
    uri: Value
    path: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        place = {"S3Uri": rendered(self.uri), "LocalPath": self.path, "S3UploadMode": "EndOfJob"}
        return {"OutputName": self.name, "AppManaged": False, "S3Output": place}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PropertyFile:
    """A JSON file in a target, from which conditions read. target: its name; path: of the file in it."""

    name: str
    target: str
    path: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        return {"PropertyFileName": self.name, "OutputName": self.target, "FilePath": self.path}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProcessingStep:
    """A script that reads and writes folders. script: its path in the container; arguments: of its command line."""

    name: str
    job: JobSettings
    script: str
    arguments: tuple[str, ...]
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    property_files: tuple[PropertyFile, ...] = ()

    def target(self, name: str) -> Reference:
        """Return where the step wrote the target of that name."""
        return Reference(f"Steps.{self.name}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri")

    def property_file(self, name: str) -> Reference:
        """Return the property file of that name."""
        return Reference(f"Steps.{self.name}.PropertyFiles.{name}")

    def render(self) -> dict[str, Any]:
        """Return the JSON data. Arguments are those of CreateProcessingJob."""
        arguments = {
            "RoleArn": self.job.role,
            "AppSpecification": {
                "ImageUri": self.job.image,
                "ContainerEntrypoint": ["python3", self.script],
                "ContainerArguments": list(self.arguments),
            },
            "ProcessingResources": {"ClusterConfig": self.job.cluster()},
            "ProcessingInputs": [source.render() for source in self.sources],
            "ProcessingOutputConfig": {
                "KmsKeyId": self.job.key,
                "Outputs": [target.render() for target in self.targets],
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": self.job.limit_seconds},
            "NetworkConfig": self.job.isolation(),
        }
        files = [file.render() for file in self.property_files]
        return {
            "Name": self.name,
            "Type": "Processing",
            "Arguments": arguments,
            **({"PropertyFiles": files} if files else {}),
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Channel:
    """What a training job reads: the container finds it in /opt/ml/input/data/<name>."""

    name: str
    uri: Value
    content_type: str

    def render(self) -> dict[str, Any]:
        """Return the JSON data."""
        place = {
            "S3DataType": "S3Prefix",
            "S3DataDistributionType": "FullyReplicated",
            "S3Uri": rendered(self.uri),
        }
        return {"ChannelName": self.name, "ContentType": self.content_type, "DataSource": {"S3DataSource": place}}


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingStep:
    """A script that makes a model. target: the folder in S3 below which each execution gets its own."""

    name: str
    job: JobSettings
    script: str
    arguments: tuple[str, ...]
    hyperparameters: Mapping[str, str]
    channels: tuple[Channel, ...]
    target: Value

    @property
    def model(self) -> Reference:
        """Return where the step wrote its model: a tar file."""
        return Reference(f"Steps.{self.name}.ModelArtifacts.S3ModelArtifacts")

    def render(self) -> dict[str, Any]:
        """Return the JSON data. Arguments are those of CreateTrainingJob."""
        arguments = {
            "RoleArn": self.job.role,
            "AlgorithmSpecification": {
                "TrainingImage": self.job.image,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python3", self.script],
                "ContainerArguments": list(self.arguments),
            },
            "HyperParameters": dict(self.hyperparameters),
            "InputDataConfig": [channel.render() for channel in self.channels],
            "OutputDataConfig": {"S3OutputPath": rendered(self.target), "KmsKeyId": self.job.key},
            "ResourceConfig": self.job.cluster(),
            "StoppingCondition": {"MaxRuntimeInSeconds": self.job.limit_seconds},
            **self.job.isolation(),
        }
        retry = {
            "ExceptionType": ["SageMaker.CAPACITY_ERROR"],
            "IntervalSeconds": 60,
            "BackoffRate": 2.0,
            "MaxAttempts": 3,
        }
        return {"Name": self.name, "Type": "Training", "Arguments": arguments, "RetryPolicies": [retry]}
