"""What the pipeline may do: start jobs that are encrypted and isolated, and register what they make."""

from typing import Final

import pulumi

from shared.components.policy_document import Statement
from stacks.sagemaker import layout
from stacks.sagemaker.job_access import objects
from stacks.sagemaker.setting import Setting

_CREATE_JOBS: Final = ("sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob")


def pipeline_statements(
    setting: Setting, *, job_role_arn: pulumi.Input[str], key_arn: pulumi.Input[str]
) -> tuple[Statement, ...]:
    """Return the policy of the pipeline role."""
    return (
        _jobs(setting),
        _models(setting),
        Statement(
            sid="PassJobRole",
            actions=["iam:PassRole"],
            resources=[job_role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        Statement(sid="ReadEvaluations", actions=["s3:GetObject"], resources=objects(setting, (layout.EVALUATION,))),
        Statement(sid="Decrypt", actions=["kms:Decrypt"], resources=[key_arn]),
        *guardrails(vpc=setting.environment.sagemaker.network is not None),
    )


def guardrails(*, vpc: bool) -> tuple[Statement, ...]:
    """Return the denials that hold whatever a definition says: keys, isolation and, where there is one, the VPC.

    One statement per key: the tests of one statement must all hold for it to deny.
    """
    required = {"VolumeKey": "sagemaker:VolumeKmsKey", "OutputKey": "sagemaker:OutputKmsKey"}
    if vpc:
        required |= {"Subnets": "sagemaker:VpcSubnets", "SecurityGroups": "sagemaker:VpcSecurityGroupIds"}
    return (
        *(_deny_jobs(f"DenyNo{sid}", "Null", {key: "true"}) for sid, key in required.items()),
        _deny_jobs("DenyNoIsolation", "Bool", {"sagemaker:NetworkIsolation": "false"}),
        _deny_jobs("DenyClearTraffic", "Bool", {"sagemaker:InterContainerTrafficEncryption": "false"}),
    )


def _deny_jobs(sid: str, operator: str, test: dict[str, str]) -> Statement:
    return Statement(sid=sid, effect="Deny", actions=_CREATE_JOBS, resources=["*"], conditions={operator: test})


def _jobs(setting: Setting) -> Statement:
    # SageMaker names the jobs of pipelines "pipelines-<execution>-<step>-<random>".
    kinds = ("TrainingJob", "ProcessingJob")
    return Statement(
        sid="Jobs",
        actions=[f"sagemaker:{verb}{kind}" for kind in kinds for verb in ("Create", "Describe", "Stop")]
        + ["sagemaker:AddTags"],
        resources=[
            setting.arn("sagemaker", "training-job/pipelines-*"),
            setting.arn("sagemaker", "processing-job/pipelines-*"),
        ],
    )


def _models(setting: Setting) -> Statement:
    group = setting.model_package_group
    return Statement(
        sid="Models",
        actions=[
            "sagemaker:CreateModelPackage",
            "sagemaker:DescribeModelPackage",
            "sagemaker:DescribeModelPackageGroup",
            "sagemaker:ListModelPackages",
        ],
        resources=[
            setting.arn("sagemaker", f"model-package-group/{group}"),
            setting.arn("sagemaker", f"model-package/{group}/*"),
        ],
    )
