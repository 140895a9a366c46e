"""What jobs need of each service: the policy of their role and of the endpoints that they pass say the same."""

import pulumi

from shared.components.policy_document import Statement
from stacks.sagemaker import layout
from stacks.sagemaker.images import repository_arn
from stacks.sagemaker.setting import Setting


def objects(setting: Setting, prefixes: tuple[str, ...]) -> list[str]:
    """Return the ARNs of all objects of the artifact bucket below `prefixes`."""
    return [f"{setting.artifact_bucket_arn}/{prefix}/*" for prefix in prefixes]


def data(setting: Setting) -> tuple[Statement, ...]:
    """Let jobs read what they need and write what they make."""
    return (
        Statement(
            sid="Bucket", actions=["s3:ListBucket", "s3:GetBucketLocation"], resources=[setting.artifact_bucket_arn]
        ),
        Statement(sid="Read", actions=["s3:GetObject"], resources=objects(setting, layout.READ_BY_JOBS)),
        Statement(
            sid="Write",
            actions=["s3:PutObject", "s3:AbortMultipartUpload"],
            resources=objects(setting, layout.MADE_BY_JOBS),
        ),
    )


def key_use(key_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Let jobs use the key, and hand it to the volumes of their machines."""
    return (
        Statement(sid="Key", actions=["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"], resources=[key_arn]),
        Statement(
            sid="Volumes",
            actions=["kms:CreateGrant"],
            resources=[key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def image(setting: Setting) -> tuple[Statement, ...]:
    """Let jobs pull their image."""
    return (
        # This action knows no resource.
        Statement(sid="RegistryLogin", actions=["ecr:GetAuthorizationToken"], resources=["*"]),
        Statement(
            sid="Image",
            actions=["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            resources=[repository_arn(setting.environment.sagemaker.training_image)],
        ),
    )


def logs(setting: Setting) -> tuple[Statement, ...]:
    """Let jobs write to the log groups of SageMaker."""
    return (
        Statement(
            sid="Logs",
            actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources=[setting.arn("logs", "log-group:/aws/sagemaker/*")],
        ),
    )


def metrics() -> tuple[Statement, ...]:
    """Let jobs report metrics. The action knows no resource; the namespace limits it."""
    namespaces = ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker"]
    return (
        Statement(
            sid="Metrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={"StringLike": {"cloudwatch:namespace": namespaces}},
        ),
    )
