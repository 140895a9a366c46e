"""What AWS is asked for, on a simulated AWS that is not ours: moto."""

from collections.abc import Generator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from shared.pending_operations.aws_search import AwsSearch
from shared.pending_operations.marks import MARKS
from shared.pending_operations.search import SearchError

REGION = "eu-west-1"
TAGS = {"environment": "dev", "Name": "jobs"}
VALUES = {"tags": TAGS, "fromPort": 1, "toPort": 1}


class Cloud:
    def __init__(self) -> None:
        session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name=REGION)
        self.client: Any = session.client
        self.ec2: Any = self.client("ec2")
        self.networks = 0
        self.search = AwsSearch(self.client)

    def network(self, cidr: str = "") -> str:
        self.networks += 1
        cidr = cidr or f"10.{self.networks}.0.0/16"
        return self.ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]

    def subnet(self, network: str) -> tuple[str, str]:
        cidr = self.ec2.describe_vpcs(VpcIds=[network])["Vpcs"][0]["CidrBlock"].replace("/16", "/24")
        return cidr, self.ec2.create_subnet(VpcId=network, CidrBlock=cidr)["Subnet"]["SubnetId"]

    def table(self, network: str) -> str:
        made = self.ec2.create_route_table(VpcId=network, TagSpecifications=tagged("route-table"))
        return made["RouteTable"]["RouteTableId"]

    def group(self, network: str, name: str) -> str:
        return self.ec2.create_security_group(GroupName=name, Description="d", VpcId=network)["GroupId"]


def tagged(kind: str) -> list[Any]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()]}]


@pytest.fixture(scope="module")
def cloud() -> Generator[Cloud]:
    with mock_aws():
        yield Cloud()


def test_every_type_of_aws_with_marks_is_looked_for(cloud: Cloud) -> None:
    with pytest.raises(KeyError):
        cloud.search.find("aws:s3/bucket:Bucket", {})
    for token in (token for token in MARKS if token.startswith("aws:")):
        with suppress(SearchError):  # nothing has the id "none"
            assert cloud.search.find(token, {**dict.fromkeys(MARKS[token], "none"), **VALUES}) == (), token


def test_a_network_is_known_by_its_range_and_its_tags(cloud: Cloud) -> None:
    network = cloud.network("10.0.0.0/16")
    find = cloud.search.find
    assert find("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "tags": TAGS}) == (network,)
    assert find("aws:ec2/vpc:Vpc", {"cidrBlock": "10.200.0.0/16", "tags": TAGS}) == ()
    assert find("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "tags": {**TAGS, "Name": "other"}}) == ()
    second = cloud.network("10.0.0.0/16")
    assert set(find("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "tags": TAGS})) == {network, second}


def test_what_is_in_a_network_is_found_there(cloud: Cloud) -> None:
    network, other = cloud.network(), cloud.network()
    (cidr, subnet), table, group = cloud.subnet(network), cloud.table(network), cloud.group(network, "jobs")
    find = cloud.search.find
    assert find("aws:ec2/subnet:Subnet", {"vpcId": network, "cidrBlock": cidr}) == (subnet,)
    assert find("aws:ec2/subnet:Subnet", {"vpcId": other, "cidrBlock": cidr}) == ()
    assert find("aws:ec2/routeTable:RouteTable", {"vpcId": network, "tags": TAGS}) == (table,)
    assert find("aws:ec2/securityGroup:SecurityGroup", {"vpcId": network, "name": "jobs"}) == (group,)
    assert find("aws:ec2/securityGroup:SecurityGroup", {"vpcId": other, "name": "jobs"}) == ()
    default = find("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": network})
    assert len(default) == 1
    assert default != (group,)


def test_an_association_is_that_of_its_subnet(cloud: Cloud) -> None:
    network = cloud.network()
    (_, subnet), table = cloud.subnet(network), cloud.table(network)
    marks = {"subnetId": subnet, "routeTableId": table}
    token = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    assert cloud.search.find(token, marks) == ()
    made = cloud.ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)["AssociationId"]
    assert cloud.search.find(token, marks) == (made,)


def test_a_rule_is_known_by_all_that_it_says(cloud: Cloud) -> None:
    network = cloud.network()
    one, other = cloud.group(network, "one"), cloud.group(network, "other")
    port = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other}]}
    cloud.ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[port])
    marks: dict[str, Any] = dict.fromkeys(MARKS["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"])
    marks |= {"securityGroupId": one, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    marks["referencedSecurityGroupId"] = other
    find = cloud.search.find
    assert len(find("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", marks)) == 1
    assert find("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", marks) == ()
    assert find("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {**marks, "toPort": 444}) == ()
    everything = {**dict.fromkeys(marks), "securityGroupId": one, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}
    # Every group begins with one rule: out to everywhere.
    assert len(find("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", everything)) == 1


def test_an_endpoint_that_is_being_deleted_is_none(cloud: Cloud) -> None:
    network, service = cloud.network(), f"com.amazonaws.{REGION}.s3"
    made = cloud.ec2.create_vpc_endpoint(
        VpcId=network, ServiceName=service, VpcEndpointType="Gateway", TagSpecifications=tagged("vpc-endpoint")
    )["VpcEndpoint"]["VpcEndpointId"]
    marks = {"vpcId": network, "serviceName": service, "tags": TAGS}
    assert cloud.search.find("aws:ec2/vpcEndpoint:VpcEndpoint", marks) == (made,)
    cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
    assert cloud.search.find("aws:ec2/vpcEndpoint:VpcEndpoint", marks) == ()


def test_a_flow_log_is_known_by_where_it_goes(cloud: Cloud) -> None:
    network = cloud.network()
    cloud.client("logs").create_log_group(logGroupName="flow")
    made = cloud.ec2.create_flow_logs(
        ResourceIds=[network],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="flow",
        DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
    )["FlowLogIds"]
    arn = f"arn:aws:logs:{REGION}:123456789012:log-group:flow"
    token, marks = "aws:ec2/flowLog:FlowLog", {"vpcId": network, "trafficType": "ALL", "logDestination": arn}
    assert cloud.search.find(token, marks) == tuple(made)
    assert cloud.search.find(token, {**marks, "logDestination": f"{arn}-other"}) == ()


def test_a_key_is_known_by_its_description_and_tags_as_long_as_it_lives(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items()]
    key = kms.create_key(Description="data", Tags=tags)["KeyMetadata"]["KeyId"]
    kms.create_key(Description="data", Tags=[])
    kms.create_key(Description="other", Tags=tags)
    marks = {"description": "data", "tags": TAGS}
    assert cloud.search.find("aws:kms/key:Key", marks) == (key,)
    kms.schedule_key_deletion(KeyId=key)
    assert cloud.search.find("aws:kms/key:Key", marks) == ()


def test_what_aws_refuses_is_said_by_its_code() -> None:
    marks = {"description": None, "tags": None}

    def unreachable(_: str) -> Any:
        raise EndpointConnectionError(endpoint_url="https://kms.example.com")

    with pytest.raises(SearchError, match="EndpointConnectionError"):
        AwsSearch(unreachable).find("aws:kms/key:Key", marks)

    def refusing(_: str) -> Any:
        raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "long"}}, "DescribeVpcs")

    with pytest.raises(SearchError, match=r"^UnauthorizedOperation$"):
        AwsSearch(refusing).find("aws:kms/key:Key", marks)
