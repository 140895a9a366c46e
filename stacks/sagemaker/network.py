"""The VPC that jobs run in: private subnets, no way to the internet, only endpoints of AWS services."""

import dataclasses

import pulumi
from pulumi_aws import ec2, vpc

from shared.environment.model import SagemakerNetwork
from stacks.sagemaker.endpoints import interface_endpoints, s3_endpoint
from stacks.sagemaker.setting import Setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobNetwork:
    """What jobs and the bucket need of the VPC. endpoints: what jobs must wait for."""

    subnet_ids: tuple[pulumi.Output[str], ...]
    security_group_id: pulumi.Output[str]
    s3_endpoint_id: pulumi.Output[str]
    endpoints: tuple[ec2.VpcEndpoint, ...]


def job_network(setting: Setting, network: SagemakerNetwork) -> JobNetwork:
    """Make the VPC and everything in it."""
    made = ec2.Vpc(
        "jobs",
        cidr_block=network.cidr,
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags=_named(setting, "jobs"),
    )
    # Made without rules, the group that AWS puts into every VPC lets nothing in or out.
    ec2.DefaultSecurityGroup("default", vpc_id=made.id, tags=_named(setting, "default"))
    table = ec2.RouteTable("private", vpc_id=made.id, tags=_named(setting, "private"))
    subnet_ids = tuple(
        _private_subnet(setting, made, table, zone, cidr) for zone, cidr in sorted(network.subnets.items())
    )
    jobs = _security_group(setting, made, "jobs", "Jobs of the training pipeline")
    endpoints = _security_group(setting, made, "endpoints", "Endpoints of AWS services")
    gateway = s3_endpoint(setting, made.id, table.id)
    _rules(setting, jobs, endpoints, gateway)
    return JobNetwork(
        subnet_ids=subnet_ids,
        security_group_id=jobs.id,
        s3_endpoint_id=gateway.id,
        endpoints=(gateway, *interface_endpoints(setting, made.id, subnet_ids, endpoints.id)),
    )


def _named(setting: Setting, purpose: str) -> dict[str, str]:
    return {**setting.tags, "Name": setting.names.of("aws_network", purpose)}


def _private_subnet(setting: Setting, made: ec2.Vpc, table: ec2.RouteTable, zone: str, cidr: str) -> pulumi.Output[str]:
    subnet = ec2.Subnet(
        f"private-{zone}",
        vpc_id=made.id,
        cidr_block=cidr,
        availability_zone=f"{setting.region}{zone}",
        map_public_ip_on_launch=False,
        tags=_named(setting, f"private-{zone}"),
    )
    ec2.RouteTableAssociation(f"private-{zone}", subnet_id=subnet.id, route_table_id=table.id)
    return subnet.id


def _security_group(setting: Setting, made: ec2.Vpc, purpose: str, description: str) -> ec2.SecurityGroup:
    return ec2.SecurityGroup(
        purpose,
        name=setting.names.of("aws_network", purpose),
        description=description,
        vpc_id=made.id,
        # The two groups name each other in their rules: without this neither could be deleted.
        revoke_rules_on_delete=True,
        tags=_named(setting, purpose),
    )


def _rules(setting: Setting, jobs: ec2.SecurityGroup, endpoints: ec2.SecurityGroup, gateway: ec2.VpcEndpoint) -> None:
    vpc.SecurityGroupIngressRule(
        "jobs-to-endpoints",
        security_group_id=endpoints.id,
        referenced_security_group_id=jobs.id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="TLS from jobs",
        tags=setting.tags,
    )
    vpc.SecurityGroupEgressRule(
        "jobs-to-endpoints",
        security_group_id=jobs.id,
        referenced_security_group_id=endpoints.id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="TLS to endpoints of AWS services",
        tags=setting.tags,
    )
    vpc.SecurityGroupEgressRule(
        "jobs-to-s3",
        security_group_id=jobs.id,
        prefix_list_id=gateway.prefix_list_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="TLS to S3",
        tags=setting.tags,
    )
    _distributed_training(setting, jobs)


def _distributed_training(setting: Setting, jobs: ec2.SecurityGroup) -> None:
    # The nodes of one job talk to each other on ports that nobody fixes.
    vpc.SecurityGroupIngressRule(
        "jobs-to-jobs",
        security_group_id=jobs.id,
        referenced_security_group_id=jobs.id,
        ip_protocol="-1",
        description="Nodes of one job",
        tags=setting.tags,
    )
    vpc.SecurityGroupEgressRule(
        "jobs-to-jobs",
        security_group_id=jobs.id,
        referenced_security_group_id=jobs.id,
        ip_protocol="-1",
        description="Nodes of one job",
        tags=setting.tags,
    )
