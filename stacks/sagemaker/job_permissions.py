"""What the jobs of the pipeline may do."""

import pulumi

from shared.components.policy_document import Statement
from stacks.sagemaker import layout
from stacks.sagemaker.images import repository_arn
from stacks.sagemaker.network import JobNetwork
from stacks.sagemaker.setting import Setting


def job_statements(setting: Setting, key_arn: pulumi.Input[str], network: JobNetwork | None) -> tuple[Statement, ...]:
    """Return the policy of the job role: its bucket, its key, its image, its logs and, in a VPC, its interfaces."""
    return (
        *_data(setting),
        *_key(key_arn),
        *_image(setting),
        *_telemetry(setting),
        *(_interfaces(setting, network) if network else ()),
    )


def objects(setting: Setting, prefixes: tuple[str, ...]) -> list[str]:
    """Return the ARNs of all objects of the artifact bucket below `prefixes`."""
    return [f"{setting.artifact_bucket_arn}/{prefix}/*" for prefix in prefixes]


def _data(setting: Setting) -> tuple[Statement, ...]:
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


def _key(key_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    return (
        Statement(sid="Key", actions=["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"], resources=[key_arn]),
        Statement(
            sid="Volumes",
            actions=["kms:CreateGrant"],
            resources=[key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def _image(setting: Setting) -> tuple[Statement, ...]:
    return (
        # This action knows no resource.
        Statement(sid="RegistryLogin", actions=["ecr:GetAuthorizationToken"], resources=["*"]),
        Statement(
            sid="Image",
            actions=["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            resources=[repository_arn(setting.environment.sagemaker.training_image)],
        ),
    )


def _telemetry(setting: Setting) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="Logs",
            actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources=[setting.arn("logs", "log-group:/aws/sagemaker/*")],
        ),
        Statement(
            sid="Metrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={
                "StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker"]}
            },
        ),
    )


def _interfaces(setting: Setting, network: JobNetwork) -> tuple[Statement, ...]:
    any_interface = setting.arn("ec2", "network-interface/*")
    subnets = [pulumi.Output.concat(setting.arn("ec2", "subnet/"), subnet_id) for subnet_id in network.subnet_ids]
    group = pulumi.Output.concat(setting.arn("ec2", "security-group/"), network.security_group_id)
    return (
        Statement(
            sid="CreateInterfaces", actions=["ec2:CreateNetworkInterface"], resources=[*subnets, group, any_interface]
        ),
        Statement(
            sid="ManageInterfaces",
            actions=[
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            resources=[any_interface],
        ),
        # These actions know no resource.
        Statement(
            sid="FindNetwork",
            actions=[
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
            ],
            resources=["*"],
        ),
    )
