"""The boundary that every AWS role of the platform must carry: what it may do at most, whatever its policy says."""

from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.iam_statement import allow, deny


def boundary_policy(arns: AwsArns) -> list[Statement]:
    """Return the statements: data, logs and jobs of this environment; never who may do what."""
    return [
        allow("OurData", ["s3:*"], [arns.bucket, f"{arns.bucket}/*"]),
        allow(
            "OurKeys",
            [
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:DescribeKey",
                "kms:CreateGrant",
            ],
            [arns.regional("kms", "key/*")],
        ),
        allow("Images", ["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            "ImageLayers",
            ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            # Amazon's own training images lie in accounts of Amazon.
            [f"arn:aws:ecr:{arns.environment.aws.region}:*:repository/*"],
        ),
        allow("Logs", ["logs:*"], [arns.regional("logs", "log-group:/aws/sagemaker/*")]),
        allow("Metrics", ["cloudwatch:PutMetricData"], ["*"]),
        allow("Jobs", ["sagemaker:*"], [arns.regional("sagemaker", "*")]),
        allow(
            "JobNetwork",
            [
                "ec2:CreateNetworkInterface*",
                "ec2:DeleteNetworkInterface*",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
            ],
            ["*"],
        ),
        allow(
            "HandOver",
            ["iam:PassRole"],
            [arns.roles],
            StringEquals={"iam:PassedToService": ["sagemaker.amazonaws.com", "events.amazonaws.com"]},
        ),
        deny("NeverLogins", ["iam:PassRole"], [arns.logins]),
        deny("NeverPublicLinks", ["sagemaker:CreatePresigned*"], ["*"]),
    ]
