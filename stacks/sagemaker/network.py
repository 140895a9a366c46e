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

    vpc_id: pulumi.Output[str]
    subnet_ids: tuple[pulumi.Output[str], ...]
    security_group_id: pulumi.Output[str]
    s3_endpoint_id: pulumi.Output[str]
    endpoints: tuple[ec2.VpcEndpoint, ...]


def job_network(setting: Setting, network: SagemakerNetwork, key_arn: pulumi.Input[str]) -> JobNetwork:
    """Make the VPC and everything in it. key_arn: the key that may be used from inside."""
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
    interfaces = interface_endpoints(
        setting, vpc_id=made.id, subnet_ids=subnet_ids, security_group_id=endpoints.id, key_arn=key_arn
    )
    return JobNetwork(
        vpc_id=made.id,
        subnet_ids=subnet_ids,
        security_group_id=jobs.id,
        s3_endpoint_id=gateway.id,
        endpoints=(gateway, *interfaces),
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
        # Its name is unique in its VPC only. The provider would delete the group of an old VPC before it makes that of
        # the new one, while the old endpoints still use it (DependencyViolation).
        opts=pulumi.ResourceOptions(delete_before_replace=False),
    )


def _rules(setting: Setting, jobs: ec2.SecurityGroup, endpoints: ec2.SecurityGroup, gateway: ec2.VpcEndpoint) -> None:
    into, out = vpc.SecurityGroupIngressRule, vpc.SecurityGroupEgressRule
    _admit(into, setting, "jobs-to-endpoints", endpoints, "TLS from jobs", group=jobs.id)
    _admit(out, setting, "jobs-to-endpoints", jobs, "TLS to endpoints of AWS services", group=endpoints.id)
    _admit(out, setting, "jobs-to-s3", jobs, "TLS to S3", prefix_list=gateway.prefix_list_id)
    # The nodes of one job talk to each other on ports that nobody fixes.
    for rule in (into, out):
        _admit(rule, setting, "jobs-to-jobs", jobs, "Nodes of one job", group=jobs.id, any_port=True)


def _admit(
    rule: type[vpc.SecurityGroupIngressRule | vpc.SecurityGroupEgressRule],
    setting: Setting,
    name: str,
    owner: ec2.SecurityGroup,
    description: str,
    *,
    group: pulumi.Input[str] | None = None,
    prefix_list: pulumi.Input[str] | None = None,
    any_port: bool = False,
) -> None:
    """Add a rule to the security group `owner`: TLS, or every port, with one peer: a group or a prefix list."""
    port = None if any_port else 443
    rule(
        name,
        security_group_id=owner.id,
        referenced_security_group_id=group,
        prefix_list_id=prefix_list,
        ip_protocol="-1" if any_port else "tcp",
        from_port=port,
        to_port=port,
        description=description,
        tags=setting.tags,
    )
