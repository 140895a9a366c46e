"""Amazon EC2 networks: VPC, subnets, route tables, flow logs."""

import ipaddress
from collections.abc import Callable

from shared.sandbox.catalog.aws.account import (
    Reference,
    aws,
    held_by,
    network_id,
    region,
    regional_arn,
    unless_held,
)
from shared.sandbox.catalog.aws.events import find_log_group
from shared.sandbox.catalog.aws.iam import role_reference
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Request
from shared.sandbox.wire import Json, Properties

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
"""What a job leaves behind for some minutes. No stack makes one, but one holds its subnet and its groups."""
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_ZONES = "abc"
_SMALLEST, _LARGEST = 28, 16  # prefix lengths; VPC user guide, "VPC CIDR blocks"
_DIRECTIONS = ("north", "south", "east", "west", "central")
_FLOW_SOURCES = ("vpcId", "subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId", "regionalNatGatewayId")
_FLOW_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets}"
    " ${bytes} ${start} ${end} ${action} ${log-status}"
)


def vpc_reference(key: str = "vpcId") -> Reference:
    """Return the reference of an input that holds the id of a VPC."""
    message = "The vpc ID '{}' does not exist"
    return Reference(property=key, targets={VPC: ("id",)}, code="InvalidVpcID.NotFound", message=message)


def subnet_reference(key: str) -> Reference:
    """Return the reference of an input that holds the id, or ids, of subnets."""
    message = "The subnet ID '{}' does not exist"
    return Reference(property=key, targets={SUBNET: ("id",)}, code="InvalidSubnetID.NotFound", message=message)


def route_table_reference(key: str) -> Reference:
    """Return the reference of an input that holds the id, or ids, of route tables. A VPC has a main one."""
    targets = {ROUTE_TABLE: ("id",), VPC: ("mainRouteTableId",)}
    message = "The routeTable ID '{}' does not exist"
    return Reference(property=key, targets=targets, code="InvalidRouteTableID.NotFound", message=message)


def zone_id(zone: str) -> str:
    """Return the id of an availability zone: euw1-az1 for eu-west-1a."""
    *area, last = zone.split("-")
    short = "".join(part[:1] if part in _DIRECTIONS else _shortened(part) for part in area)
    return f"{short}{last[:-1]}-az{_ZONES.find(last[-1:]) + 1}"


def _shortened(part: str) -> str:
    """Return 'se' for 'southeast', 'g' for 'gov', and a geography such as 'eu' as it is."""
    for first in ("north", "south"):
        if part.startswith(first):
            return first[0] + part.removeprefix(first)[:1]
    return "g" if part == "gov" else part


def _network(request: Request, code: str) -> ipaddress.IPv4Network:
    text = request.text("cidrBlock")
    try:
        found = ipaddress.IPv4Network(text)
    except ValueError:
        raise CloudError(code, f"The CIDR '{text}' is invalid.") from None
    if not _LARGEST <= found.prefixlen <= _SMALLEST:
        raise CloudError(code, f"The CIDR '{text}' is invalid.")
    return found


def _check_vpc(request: Request) -> None:
    _network(request, "InvalidVpc.Range")


def _vpc_outputs(request: Request) -> Properties:
    return {
        "ownerId": request.cloud.account_id,
        "defaultNetworkAclId": f"acl-0{request.hex('acl', 16)}",
        "defaultRouteTableId": f"rtb-0{request.hex('main route table', 16)}",
        "mainRouteTableId": f"rtb-0{request.hex('main route table', 16)}",
        "defaultSecurityGroupId": f"sg-0{request.hex('default security group', 16)}",
        "dhcpOptionsId": f"dopt-0{request.hex('dhcp options', 16)}",
        "ipv6AssociationId": f"vpc-cidr-assoc-0{request.hex('ipv6', 16)}" if _has_ipv6(request) else "",
    }


def _has_ipv6(request: Request) -> bool:
    return bool(request.inputs.get("assignGeneratedIpv6CidrBlock") or request.inputs.get("ipv6CidrBlock"))


def _check_subnet(request: Request) -> None:
    network = _network(request, "InvalidSubnet.Range")
    vpc = request.existing.find(request.text("vpcId"), VPC)
    if vpc and not network.subnet_of(ipaddress.IPv4Network(vpc.inputs["cidrBlock"])):
        raise CloudError("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    for other in request.existing.of_type(SUBNET):
        same_vpc = other.inputs.get("vpcId") == request.text("vpcId") and other.id != request.id
        if same_vpc and network.overlaps(ipaddress.IPv4Network(other.inputs["cidrBlock"])):
            raise CloudError("InvalidSubnet.Conflict", f"The CIDR '{network}' conflicts with another subnet")
    zones = [region(request) + letter for letter in _ZONES]
    zone = request.text("availabilityZone", zones[0])
    if zone not in zones:
        problem = f"Value ({zone}) for parameter availabilityZone is invalid."
        allowed = f"Subnets can currently only be created in the following availability zones: {', '.join(zones)}."
        raise CloudError("InvalidParameterValue", f"{problem} {allowed}")


def _subnet_zone(request: Request) -> str:
    zones = {zone_id(region(request) + letter): region(request) + letter for letter in _ZONES}
    chosen = zones.get(request.text("availabilityZoneId"), region(request) + _ZONES[0])
    return request.text("availabilityZone", chosen)


def _subnet_outputs(request: Request) -> Properties:
    zone = _subnet_zone(request)
    association = f"subnet-cidr-assoc-0{request.hex('ipv6', 16)}" if request.inputs.get("ipv6CidrBlock") else ""
    return {
        "ownerId": request.cloud.account_id,
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "ipv6CidrBlockAssociationId": association,
    }


def _association_of(request: Request) -> str:
    return request.text("subnetId") or request.text("gatewayId")


def _check_association(request: Request) -> None:
    if not _association_of(request):
        raise CloudError("MissingParameter", "one of subnetId and gatewayId must be given")


def _check_flow_log(request: Request) -> None:
    given = [key for key in _FLOW_SOURCES if request.text(key)]
    if len(given) != 1:
        raise CloudError("InvalidParameter", f"exactly one of {', '.join(_FLOW_SOURCES)} must be given")
    if _destination_type(request) != "cloud-watch-logs":
        return
    if not request.text("iamRoleArn"):
        raise CloudError("InvalidParameter", "DeliverLogsPermissionArn is required for a log group")
    if not find_log_group(request, "logDestination"):
        raise CloudError("InvalidParameter", f"LogDestination: {request.text('logDestination')} does not exist")


def _destination_type(request: Request) -> str:
    return request.text("logDestinationType", "cloud-watch-logs")


def _arn(kind: str) -> Callable[[Request], str]:
    return lambda request: regional_arn(request, "ec2", f"{kind}/{request.id}")


_VPC_DEFAULTS: dict[str, Json] = {
    "assignGeneratedIpv6CidrBlock": False,
    "enableDnsHostnames": False,
    "enableDnsSupport": True,
    "enableNetworkAddressUsageMetrics": False,
    "instanceTenancy": "default",
    "ipv6CidrBlock": "",
    "ipv6CidrBlockNetworkBorderGroup": "",
}
_SUBNET_DEFAULTS: dict[str, Json] = {
    "assignIpv6AddressOnCreation": False,
    "enableDns64": False,
    "enableResourceNameDnsARecordOnLaunch": False,
    "enableResourceNameDnsAaaaRecordOnLaunch": False,
    "ipv6CidrBlock": "",
    "ipv6Native": False,
    "mapPublicIpOnLaunch": False,
    "privateDnsHostnameTypeOnLaunch": "ip-name",
}

MODELS = (
    aws(
        "ec2/vpc:Vpc",
        properties="assignGeneratedIpv6CidrBlock cidrBlock enableDnsHostnames enableDnsSupport"
        " enableNetworkAddressUsageMetrics instanceTenancy ipv4IpamPoolId ipv4NetmaskLength ipv6CidrBlock"
        " ipv6CidrBlockNetworkBorderGroup ipv6IpamPoolId ipv6NetmaskLength",
        tagged=True,
        make_id=network_id("vpc"),
        arn=_arn("vpc"),
        check=_check_vpc,
        # What is in a VPC holds it, but for the security group and the route table that came with it.
        check_delete=unless_held(
            "DependencyViolation",
            "The vpc '{}' has dependencies and cannot be deleted.",
            *(
                held_by(token, "vpcId")
                for token in (SUBNET, ROUTE_TABLE, _ENDPOINT, "aws:ec2/securityGroup:SecurityGroup")
            ),
        ),
        defaults=_VPC_DEFAULTS,
        outputs=_vpc_outputs,
        replace_on="cidrBlock instanceTenancy ipv4IpamPoolId ipv4NetmaskLength",
    ),
    aws(
        "ec2/subnet:Subnet",
        properties="assignIpv6AddressOnCreation availabilityZone availabilityZoneId cidrBlock customerOwnedIpv4Pool"
        " enableDns64 enableLniAtDeviceIndex enableResourceNameDnsARecordOnLaunch"
        " enableResourceNameDnsAaaaRecordOnLaunch ipv4IpamPoolId ipv4NetmaskLength ipv6CidrBlock ipv6IpamPoolId"
        " ipv6Native ipv6NetmaskLength mapCustomerOwnedIpOnLaunch mapPublicIpOnLaunch outpostArn"
        " privateDnsHostnameTypeOnLaunch",
        required="vpcId",
        tagged=True,
        make_id=network_id("subnet"),
        arn=_arn("subnet"),
        references=(vpc_reference(),),
        check=_check_subnet,
        check_delete=unless_held(
            "DependencyViolation",
            "The subnet '{}' has dependencies and cannot be deleted.",
            held_by(_ENDPOINT, "subnetIds"),
            held_by(INTERFACE, "subnetId"),
        ),
        defaults=_SUBNET_DEFAULTS,
        outputs=_subnet_outputs,
        replace_on="availabilityZone availabilityZoneId cidrBlock ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId"
        " ipv6Native ipv6NetmaskLength outpostArn vpcId",
    ),
    aws(
        "ec2/routeTable:RouteTable",
        properties="propagatingVgws routes",
        required="vpcId",
        tagged=True,
        make_id=network_id("rtb"),
        arn=_arn("route-table"),
        references=(vpc_reference(),),
        defaults={"propagatingVgws": [], "routes": []},
        outputs=lambda request: {"ownerId": request.cloud.account_id},
        replace_on="vpcId",
    ),
    aws(
        "ec2/routeTableAssociation:RouteTableAssociation",
        properties="gatewayId subnetId",
        required="routeTableId",
        make_id=network_id("rtbassoc"),
        unique=lambda request: f"route table of {_association_of(request)}",
        taken_code="Resource.AlreadyAssociated",
        references=(route_table_reference("routeTableId"), subnet_reference("subnetId")),
        check=_check_association,
        replace_on="gatewayId subnetId",
    ),
    aws(
        "ec2/flowLog:FlowLog",
        properties="deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType"
        " logFormat maxAggregationInterval regionalNatGatewayId subnetId tagFieldSpecifications trafficType"
        " transitGatewayAttachmentId transitGatewayId vpcId",
        tagged=True,
        make_id=network_id("fl"),
        arn=_arn("vpc-flow-log"),
        references=(vpc_reference(), subnet_reference("subnetId"), role_reference("iamRoleArn", "InvalidParameter")),
        check=_check_flow_log,
        defaults={
            "logDestination": "",
            "logDestinationType": "cloud-watch-logs",
            "logFormat": _FLOW_FORMAT,
            "maxAggregationInterval": 600,
        },
        replace_on="deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType"
        " logFormat maxAggregationInterval regionalNatGatewayId subnetId tagFieldSpecifications trafficType"
        " transitGatewayAttachmentId transitGatewayId vpcId",
    ),
)
