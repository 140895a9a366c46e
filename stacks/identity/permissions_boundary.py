"""The boundary that every AWS role of the platform must carry: what it may do at most, whatever its policy says."""

from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.iam_statement import allow, deny

_JOBS = tuple(
    f"sagemaker:{verb}{kind}Job" for kind in ("Training", "Processing") for verb in ("Create", "Describe", "Stop")
)


def boundary_policy(arns: AwsArns) -> list[Statement]:
    """Return the statements: data, logs and jobs of this environment; never who may do what."""
    return [
        allow("OurBuckets", ["s3:ListBucket", "s3:GetBucketLocation"], [arns.bucket]),
        allow("OurData", ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], [f"{arns.bucket}/*"]),
        allow(
            "OurKeys",
            ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"],
            [arns.regional("kms", "key/*")],
        ),
        allow("Images", ["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            "ImageLayers",
            ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            # Amazon's own training images lie in accounts of Amazon.
            [f"arn:aws:ecr:{arns.environment.aws.region}:*:repository/*"],
        ),
        allow(
            "Logs",
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [arns.regional("logs", f"log-group:{name}") for name in ("/aws/sagemaker/*", arns.ours, f"{arns.ours}:*")],
        ),
        # Flow logs look for their group among all of them.
        allow("FindLogs", ["logs:DescribeLogGroups"], [arns.regional("logs", "log-group:*")]),
        allow("Metrics", ["cloudwatch:PutMetricData"], ["*"]),
        allow(
            "Jobs",
            [
                *_JOBS,
                *("sagemaker:AddTags", "sagemaker:StartPipelineExecution"),
                *("sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"),
                *("sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages"),
            ],
            [arns.regional("sagemaker", "*")],
        ),
        allow(
            "JobNetwork",
            [
                *("ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"),
                *("ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"),
            ],
            [arns.regional("ec2", f"{kind}/*") for kind in ("network-interface", "subnet", "security-group")],
        ),
        allow(
            "FindNetwork",
            [
                *("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions"),
                *("ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
            ],
            ["*"],
        ),
        allow(
            "HandOver",
            ["iam:PassRole"],
            [arns.roles],
            StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"},
        ),
        deny("NeverLogins", ["iam:PassRole"], [arns.logins]),
    ]
