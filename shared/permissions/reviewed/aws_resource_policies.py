"""What resources on AWS say of who may use them: the key, the buckets, the endpoints of the network."""

from collections.abc import Mapping
from typing import Final

from shared.permissions.reviewed.model import ReviewedStatement

AWS_RESOURCE_POLICIES: Final[Mapping[str, tuple[ReviewedStatement, ...]]] = {
    "bucket access-logs": (
        ReviewedStatement(
            sid="DenyInsecureTransport",
            effect="Deny",
            actions=("s3:*",),
            resources=("arn:aws:s3:::s3-access-logs-{ours}", "arn:aws:s3:::s3-access-logs-{ours}/*"),
            conditions={"Bool": {"aws:SecureTransport": ("false",)}},
            principals=("*",),
            why="nothing without TLS",
        ),
        ReviewedStatement(
            sid="DenyOldTls",
            effect="Deny",
            actions=("s3:*",),
            resources=("arn:aws:s3:::s3-access-logs-{ours}", "arn:aws:s3:::s3-access-logs-{ours}/*"),
            conditions={"NumericLessThan": {"s3:TlsVersion": ("1.2",)}},
            principals=("*",),
            why="nothing below TLS 1.2",
        ),
        ReviewedStatement(
            sid="LogDelivery",
            actions=("s3:PutObject",),
            resources=("arn:aws:s3:::s3-access-logs-{ours}/*",),
            conditions={
                "ArnLike": {"aws:SourceArn": ("arn:aws:s3:::s3-artifacts-{ours}",)},
                "StringEquals": {"aws:SourceAccount": ("{account}",)},
            },
            principals=("Service logging.s3.amazonaws.com",),
            why="S3 delivers the access logs of one bucket",
        ),
    ),
    "bucket artifacts": (
        ReviewedStatement(
            sid="DenyInsecureTransport",
            effect="Deny",
            actions=("s3:*",),
            resources=("arn:aws:s3:::s3-artifacts-{ours}", "arn:aws:s3:::s3-artifacts-{ours}/*"),
            conditions={"Bool": {"aws:SecureTransport": ("false",)}},
            principals=("*",),
            why="nothing without TLS",
        ),
        ReviewedStatement(
            sid="DenyOldTls",
            effect="Deny",
            actions=("s3:*",),
            resources=("arn:aws:s3:::s3-artifacts-{ours}", "arn:aws:s3:::s3-artifacts-{ours}/*"),
            conditions={"NumericLessThan": {"s3:TlsVersion": ("1.2",)}},
            principals=("*",),
            why="nothing below TLS 1.2",
        ),
        ReviewedStatement(
            sid="DenyUnencryptedPut",
            effect="Deny",
            actions=("s3:PutObject",),
            resources=("arn:aws:s3:::s3-artifacts-{ours}/*",),
            conditions={"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": ("{key}",)}},
            principals=("*",),
            why="nothing without our key",
        ),
        ReviewedStatement(
            sid="DenyOutsideVpce",
            effect="Deny",
            actions=("s3:GetObject", "s3:PutObject", "s3:ListBucket"),
            resources=("arn:aws:s3:::s3-artifacts-{ours}", "arn:aws:s3:::s3-artifacts-{ours}/*"),
            conditions={
                "ArnNotEquals": {
                    "aws:PrincipalArn": (
                        "arn:aws:iam::{account}:role/role-pipeline-{ours}",
                        "arn:aws:iam::{account}:role/role-azure-training-{ours}",
                        "aws_role_arns/deploy",
                        "aws_role_arns/preview",
                    )
                },
                "Bool": {"aws:ViaAWSService": ("false",)},
                "StringNotEquals": {"aws:SourceVpce": ("vpcendpoint-s3",)},
            },
            principals=("*",),
            why="data leaves by the endpoint only, but for who works from outside",
            when=("VPC",),
        ),
    ),
    "endpoint ecr-api": (
        ReviewedStatement(
            sid="RegistryLogin",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="this action knows no resource",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="Image",
            actions=("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"),
            resources=("{image}",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="the image of the jobs",
            when=("VPC",),
        ),
    ),
    "endpoint ecr-dkr": (
        ReviewedStatement(
            sid="RegistryLogin",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="this action knows no resource",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="Image",
            actions=("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"),
            resources=("{image}",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="the image of the jobs",
            when=("VPC",),
        ),
    ),
    "endpoint kms": (
        ReviewedStatement(
            sid="Key",
            actions=("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"),
            resources=("{key}",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="data is encrypted",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="Volumes",
            actions=("kms:CreateGrant",),
            resources=("{key}",),
            conditions={
                "Bool": {"kms:GrantIsForAWSResource": ("true",)},
                "StringEquals": {"aws:PrincipalAccount": ("{account}",)},
            },
            principals=("*",),
            why="volumes are encrypted",
            when=("VPC",),
        ),
    ),
    "endpoint logs": (
        ReviewedStatement(
            sid="Logs",
            actions=("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
            resources=("arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="jobs write logs",
            when=("VPC",),
        ),
    ),
    "endpoint monitoring": (
        ReviewedStatement(
            sid="Metrics",
            actions=("cloudwatch:PutMetricData",),
            resources=("*",),
            conditions={
                "StringEquals": {"aws:PrincipalAccount": ("{account}",)},
                "StringLike": {"cloudwatch:namespace": ("/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker")},
            },
            principals=("*",),
            why="jobs write metrics",
            when=("VPC",),
        ),
    ),
    "endpoint s3": (
        ReviewedStatement(
            sid="Bucket",
            actions=("s3:ListBucket", "s3:GetBucketLocation"),
            resources=("arn:aws:s3:::s3-artifacts-{ours}",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="jobs find their data",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="Read",
            actions=("s3:GetObject",),
            resources=(
                "arn:aws:s3:::s3-artifacts-{ours}/data/*",
                "arn:aws:s3:::s3-artifacts-{ours}/code/*",
                "arn:aws:s3:::s3-artifacts-{ours}/prepared/*",
                "arn:aws:s3:::s3-artifacts-{ours}/models/*",
                "arn:aws:s3:::s3-artifacts-{ours}/evaluation/*",
            ),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="jobs read",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="Write",
            actions=("s3:PutObject", "s3:AbortMultipartUpload"),
            resources=(
                "arn:aws:s3:::s3-artifacts-{ours}/prepared/*",
                "arn:aws:s3:::s3-artifacts-{ours}/models/*",
                "arn:aws:s3:::s3-artifacts-{ours}/evaluation/*",
            ),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="jobs write",
            when=("VPC",),
        ),
        ReviewedStatement(
            sid="ImageLayers",
            actions=("s3:GetObject",),
            resources=("arn:aws:s3:::prod-{region}-starport-layer-bucket/*",),
            principals=("*",),
            why="layers of images lie in buckets of Amazon",
            when=("VPC",),
        ),
    ),
    "endpoint sagemaker-api": (
        ReviewedStatement(
            sid="Platform",
            actions=("sagemaker:*",),
            resources=("arn:aws:sagemaker:{region}:{account}:*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="jobs talk to SageMaker",
            when=("VPC",),
        ),
    ),
    "endpoint sagemaker-runtime": (
        ReviewedStatement(
            sid="Score",
            actions=("sagemaker:InvokeEndpoint",),
            resources=("arn:aws:sagemaker:{region}:{account}:endpoint/*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="clients ask for predictions",
            when=("VPC",),
        ),
    ),
    "endpoint sts": (
        ReviewedStatement(
            sid="WhoAmI",
            actions=("sts:GetCallerIdentity",),
            resources=("*",),
            conditions={"StringEquals": {"aws:PrincipalAccount": ("{account}",)}},
            principals=("*",),
            why="SDKs ask who they are",
            when=("VPC",),
        ),
    ),
    "key key": (
        ReviewedStatement(
            sid="Account",
            actions=("kms:*",),
            resources=("*",),
            principals=("AWS arn:aws:iam::{account}:root",),
            why="without it policies of IAM would not count, and a deleted role could lock everybody out",
        ),
        ReviewedStatement(
            sid="Administration",
            actions=(
                "kms:Create*",
                "kms:Describe*",
                "kms:Enable*",
                "kms:List*",
                "kms:Put*",
                "kms:Update*",
                "kms:Revoke*",
                "kms:Disable*",
                "kms:Get*",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:ScheduleKeyDeletion",
                "kms:CancelKeyDeletion",
            ),
            resources=("*",),
            principals=("AWS aws_role_arns/deploy",),
            why="the deploy login keeps the key, and decrypts nothing",
        ),
        ReviewedStatement(
            sid="Upload",
            actions=("kms:GenerateDataKey",),
            resources=("*",),
            conditions={"StringEquals": {"kms:ViaService": ("s3.{region}.amazonaws.com",)}},
            principals=("AWS aws_role_arns/deploy",),
            why="the deploy login uploads code and definitions",
        ),
        ReviewedStatement(
            sid="Use",
            actions=("kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
            resources=("*",),
            principals=(
                "AWS arn:aws:iam::{account}:role/role-job-{ours}",
                "AWS arn:aws:iam::{account}:role/role-pipeline-{ours}",
            ),
            why="jobs and the pipeline use data",
        ),
        ReviewedStatement(
            sid="Volumes",
            actions=("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"),
            resources=("*",),
            conditions={"Bool": {"kms:GrantIsForAWSResource": ("true",)}},
            principals=("AWS arn:aws:iam::{account}:role/role-job-{ours}",),
            why="SageMaker attaches encrypted volumes",
        ),
        ReviewedStatement(
            sid="Logs",
            actions=("kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
            resources=("*",),
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": (
                        "arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/TrainingJobs",
                        "arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/ProcessingJobs",
                    )
                }
            },
            principals=("Service logs.{region}.amazonaws.com",),
            why="our log groups are encrypted",
            when=("no flow logs",),
        ),
        ReviewedStatement(
            sid="Logs",
            actions=("kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
            resources=("*",),
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": (
                        "arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/TrainingJobs",
                        "arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/ProcessingJobs",
                        "arn:aws:logs:{region}:{account}:log-group:log-flow-{ours}",
                    )
                }
            },
            principals=("Service logs.{region}.amazonaws.com",),
            why="our log groups are encrypted",
            when=("data events", "flow log of the VPC"),
        ),
        ReviewedStatement(
            sid="Logs",
            actions=("kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
            resources=("*",),
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": ("arn:aws:logs:{region}:{account}:log-group:log-flow-{ours}",)
                }
            },
            principals=("Service logs.{region}.amazonaws.com",),
            why="our log groups are encrypted",
            when=("customer-managed key", "no data events"),
        ),
    ),
}
