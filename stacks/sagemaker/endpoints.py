"""Endpoints of AWS services inside the VPC, each with a policy of its own."""

from collections.abc import Sequence
from typing import Final

import pulumi
from pulumi_aws import ec2

from shared.components.policy_document import Statement, policy_document
from stacks.sagemaker.setting import Setting

INTERFACE_SERVICES: Final = (
    "sagemaker.api",
    "sagemaker.runtime",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "sts",
    "kms",
)


def s3_endpoint(setting: Setting, vpc_id: pulumi.Input[str], route_table_id: pulumi.Input[str]) -> ec2.VpcEndpoint:
    """Make the gateway to S3, which lets through our bucket and the layers of images."""
    return ec2.VpcEndpoint(
        "s3",
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{setting.region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[route_table_id],
        policy=policy_document(s3_endpoint_statements(setting)),
        tags=setting.tags,
    )


def s3_endpoint_statements(setting: Setting) -> tuple[Statement, ...]:
    """Return what passes the gateway. ECR keeps the layers of images in a bucket of its own in each region."""
    layers = f"arn:aws:s3:::prod-{setting.region}-starport-layer-bucket/*"
    return (
        Statement(
            sid="OurBucket",
            principals="*",
            actions=["s3:*"],
            resources=[setting.artifact_bucket_arn, f"{setting.artifact_bucket_arn}/*"],
            conditions={"StringEquals": {"aws:PrincipalAccount": setting.account}},
        ),
        Statement(sid="ImageLayers", principals="*", actions=["s3:GetObject"], resources=[layers]),
    )


def interface_endpoints(
    setting: Setting,
    vpc_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
) -> tuple[ec2.VpcEndpoint, ...]:
    """Make the endpoints of the services that jobs use, for principals of our account."""
    ours = Statement(
        sid="OurAccount",
        principals="*",
        actions=["*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalAccount": setting.account}},
    )
    return tuple(
        ec2.VpcEndpoint(
            service.replace(".", "-"),
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{setting.region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnet_ids),
            security_group_ids=[security_group_id],
            policy=policy_document([ours]),
            tags=setting.tags,
        )
        for service in INTERFACE_SERVICES
    )
