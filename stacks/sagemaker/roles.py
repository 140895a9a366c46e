"""The roles that the pipeline and its jobs run as: who may assume them. What they may do follows the key."""

import dataclasses

import pulumi

from shared.components.policy_document import Statement
from shared.components.scoped_role import ScopedRole
from stacks.sagemaker.setting import Setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class PipelineRoles:
    """job: reads data, writes models. pipeline: starts jobs and registers models."""

    job: ScopedRole
    pipeline: ScopedRole


def pipeline_roles(setting: Setting, boundary_arn: pulumi.Input[str]) -> PipelineRoles:
    """Make both roles, without permissions."""

    def role(purpose: str, description: str) -> ScopedRole:
        return ScopedRole(
            purpose,
            role_name=setting.names.of("iam_role", purpose),
            description=description,
            trust=sagemaker_trust(setting),
            boundary_arn=boundary_arn,
            tags=setting.tags,
        )

    return PipelineRoles(
        job=role("job", "Runs the jobs of the training pipeline"),
        pipeline=role("pipeline", "Starts the jobs of the training pipeline and registers its models"),
    )


def sagemaker_trust(setting: Setting) -> Statement:
    """Return the trust in SageMaker, on behalf of our account only (Amazon's "confused deputy prevention")."""
    return Statement(
        sid="SageMaker",
        actions=["sts:AssumeRole"],
        principals={"Service": "sagemaker.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": setting.account},
            "ArnLike": {"aws:SourceArn": setting.arn("sagemaker", "*")},
        },
    )
