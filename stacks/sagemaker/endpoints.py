"""Endpoints of AWS services inside the VPC, each with a policy of its own: what jobs may do, and nothing else."""

import dataclasses
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import ec2

from shared.components.policy_document import Statement, policy_document
from stacks.sagemaker.job_access import data, image, key_use, logs, metrics
from stacks.sagemaker.setting import Setting


def s3_endpoint(setting: Setting, vpc_id: pulumi.Input[str], route_table_id: pulumi.Input[str]) -> ec2.VpcEndpoint:
    """Make the gateway to S3, which lets through what jobs do in our bucket, and the layers of images."""
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
        *_for_us(setting, data(setting)),
        Statement(sid="ImageLayers", principals="*", actions=["s3:GetObject"], resources=[layers]),
    )


def interface_statements(setting: Setting, key_arn: pulumi.Input[str]) -> Mapping[str, tuple[Statement, ...]]:
    """Return what passes each interface, by service: for principals of our account, what jobs may do anyway."""
    who = Statement(sid="WhoAmI", actions=["sts:GetCallerIdentity"], resources=["*"])
    platform = Statement(sid="Platform", actions=["sagemaker:*"], resources=[setting.arn("sagemaker", "*")])
    score = Statement(
        sid="Score", actions=["sagemaker:InvokeEndpoint"], resources=[setting.arn("sagemaker", "endpoint/*")]
    )
    allowed = {
        "sagemaker.api": (platform,),
        "sagemaker.runtime": (score,),
        "ecr.api": image(setting),
        "ecr.dkr": image(setting),
        "logs": logs(setting),
        "monitoring": metrics(),
        "sts": (who,),
        "kms": key_use(key_arn),
    }
    return {service: _for_us(setting, statements) for service, statements in allowed.items()}


def interface_endpoints(
    setting: Setting,
    *,
    vpc_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
    key_arn: pulumi.Input[str],
) -> tuple[ec2.VpcEndpoint, ...]:
    """Make the endpoints of the services that jobs use."""
    return tuple(
        ec2.VpcEndpoint(
            service.replace(".", "-"),
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{setting.region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnet_ids),
            security_group_ids=[security_group_id],
            policy=policy_document(statements),
            tags=setting.tags,
        )
        for service, statements in interface_statements(setting, key_arn).items()
    )


def _for_us(setting: Setting, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return `statements` as an endpoint's policy has them: for everybody of our account."""
    ours = {"StringEquals": {"aws:PrincipalAccount": setting.account}}
    return tuple(dataclasses.replace(one, principals="*", conditions={**one.conditions, **ours}) for one in statements)
