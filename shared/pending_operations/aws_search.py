"""Finding resources of AWS whose ids it makes up, by the calls that the login of a deployment may make anyway.

Names of filters and fields: "API Reference" of Amazon EC2 and of AWS Key Management Service.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from shared.pending_operations.search import Marks, SearchError

_GONE: Final = frozenset({"deleted", "deleting", "expired", "failed", "rejected"})
_ALL_PROTOCOLS: Final = "-1"
_NO_PORT: Final = -1

Client = Callable[[str], Any]
_Filters = Mapping[str, str]


class AwsSearch:
    """A Search in one region. client: returns boto3's client of a service."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def find(self, token: str, marks: Marks) -> tuple[str, ...]:
        """Return the ids of what is found. Raises SearchError, and KeyError for a type that is not looked for here."""
        look = _LOOKS[token]
        try:
            return tuple(look(self._client, marks))
        except ClientError as error:
            raise SearchError(problem=str(error.response.get("Error", {}).get("Code", "ClientError"))) from None
        except BotoCoreError as error:
            raise SearchError(problem=type(error).__name__) from None


def aws_client(region: str) -> Client:
    """Return the maker of clients with the login of the run."""
    session = boto3.Session(region_name=region)
    return session.client


def _listed(client: Client, call: str, key: str, filters: _Filters, *, argument: str = "Filters") -> Iterator[Any]:
    asked = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    for page in client("ec2").get_paginator(call).paginate(**{argument: asked}):
        yield from page.get(key) or ()


def _tagged(marks: Marks) -> _Filters:
    return {f"tag:{name}": str(value) for name, value in (marks.get("tags") or {}).items()}


def _networks(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"cidr-block-association.cidr-block": str(marks["cidrBlock"]), **_tagged(marks)}
    yield from (one["VpcId"] for one in _listed(client, "describe_vpcs", "Vpcs", filters))


def _subnets(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"vpc-id": str(marks["vpcId"]), "cidr-block": str(marks["cidrBlock"])}
    yield from (one["SubnetId"] for one in _listed(client, "describe_subnets", "Subnets", filters))


def _route_tables(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"vpc-id": str(marks["vpcId"]), **_tagged(marks)}
    yield from (one["RouteTableId"] for one in _listed(client, "describe_route_tables", "RouteTables", filters))


def _associations(client: Client, marks: Marks) -> Iterator[str]:
    for table in _listed(client, "describe_route_tables", "RouteTables", {"association.subnet-id": marks["subnetId"]}):
        for one in table.get("Associations") or ():
            state = (one.get("AssociationState") or {}).get("State", "associated")
            ours = one.get("SubnetId") == marks["subnetId"] and one.get("RouteTableId") == marks["routeTableId"]
            if ours and state in {"associating", "associated"}:
                yield one["RouteTableAssociationId"]


def _flow_logs(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"resource-id": str(marks["vpcId"]), "traffic-type": str(marks["trafficType"])}
    wanted = str(marks["logDestination"])
    group = wanted.partition(":log-group:")[2].removesuffix(":*")
    for one in _listed(client, "describe_flow_logs", "FlowLogs", filters, argument="Filter"):
        # Of a log group AWS gives back the name, the address, or both.
        if one.get("LogDestination", "").removesuffix(":*") == wanted.removesuffix(":*") or (
            group and one.get("LogGroupName") == group
        ):
            yield one["FlowLogId"]


def _groups(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"vpc-id": str(marks["vpcId"]), "group-name": str(marks.get("name", "default"))}
    yield from (one["GroupId"] for one in _listed(client, "describe_security_groups", "SecurityGroups", filters))


def _endpoints(client: Client, marks: Marks) -> Iterator[str]:
    filters = {"vpc-id": str(marks["vpcId"]), "service-name": str(marks["serviceName"]), **_tagged(marks)}
    for one in _listed(client, "describe_vpc_endpoints", "VpcEndpoints", filters):
        if str(one.get("State", "")).lower() not in _GONE:
            yield one["VpcEndpointId"]


def _rules(*, outgoing: bool) -> Callable[[Client, Marks], Iterator[str]]:
    def look(client: Client, marks: Marks) -> Iterator[str]:
        filters = {"group-id": str(marks["securityGroupId"])}
        for one in _listed(client, "describe_security_group_rules", "SecurityGroupRules", filters):
            if one.get("IsEgress") == outgoing and _rule(one) == _wanted_rule(marks):
                yield one["SecurityGroupRuleId"]

    return look


def _rule(found: Mapping[str, Any]) -> tuple[Any, ...]:
    ports = (found.get("FromPort"), found.get("ToPort"))
    return (
        str(found.get("IpProtocol")),
        *(None if port == _NO_PORT else port for port in ports),
        found.get("CidrIpv4"),
        found.get("CidrIpv6"),
        found.get("PrefixListId"),
        (found.get("ReferencedGroupInfo") or {}).get("GroupId"),
    )


def _wanted_rule(marks: Marks) -> tuple[Any, ...]:
    every = str(marks["ipProtocol"]) == _ALL_PROTOCOLS
    ports = (marks.get("fromPort"), marks.get("toPort"))
    return (
        str(marks["ipProtocol"]),
        *(None if every or port in (None, _NO_PORT) else int(port) for port in ports),
        marks.get("cidrIpv4"),
        marks.get("cidrIpv6"),
        marks.get("prefixListId"),
        marks.get("referencedSecurityGroupId"),
    )


def _keys(client: Client, marks: Marks) -> Iterator[str]:
    kms = client("kms")
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            about = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            ours = about.get("KeyManager") == "CUSTOMER" and about.get("Description") == (marks["description"] or "")
            if ours and about.get("KeyState") != "PendingDeletion" and _has_tags(kms, key["KeyId"], marks):
                yield key["KeyId"]


def _has_tags(kms: Any, key: str, marks: Marks) -> bool:
    pages = kms.get_paginator("list_resource_tags").paginate(KeyId=key)
    found = {tag["TagKey"]: tag["TagValue"] for page in pages for tag in page["Tags"]}
    return (marks["tags"] or {}).items() <= found.items()


_LOOKS: Final[Mapping[str, Callable[[Client, Marks], Iterator[str]]]] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _groups,
    "aws:ec2/flowLog:FlowLog": _flow_logs,
    "aws:ec2/routeTable:RouteTable": _route_tables,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _associations,
    "aws:ec2/securityGroup:SecurityGroup": _groups,
    "aws:ec2/subnet:Subnet": _subnets,
    "aws:ec2/vpc:Vpc": _networks,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoints,
    "aws:kms/key:Key": _keys,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rules(outgoing=True),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rules(outgoing=False),
}
