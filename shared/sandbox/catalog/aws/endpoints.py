"""Amazon VPC endpoints: gateways in route tables, interfaces in subnets."""

import ipaddress
import json
import re
from collections.abc import Callable, Iterator

from shared.sandbox.catalog.aws.account import aws, network_id, region, regional_arn, values_at
from shared.sandbox.catalog.aws.ec2 import SUBNET, VPC, route_table_reference, subnet_reference, vpc_reference
from shared.sandbox.catalog.aws.policy_document import ENDPOINT, check_policy
from shared.sandbox.catalog.aws.prefix_lists import prefix_list_ranges, prefix_lists
from shared.sandbox.catalog.aws.security_groups import group_reference
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import UNKNOWN, Json, Properties

_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_RESERVED = 4  # first addresses of a subnet that are not handed out; VPC user guide, "Subnet sizing for IPv4"
_OPEN_POLICY = json.dumps(
    {"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)


def _type(request: Request) -> str:
    return request.text("vpcEndpointType", "Gateway")


def _service(request: Request) -> str:
    return request.text("serviceName")


def _check(request: Request) -> None:
    where = region(request)
    name = rf"com\.amazonaws\.{where}\.[a-z0-9.-]+|aws\.(sagemaker|api)\.{where}\.[a-z0-9.-]+"
    if _service(request) and not re.fullmatch(name, _service(request)):
        raise CloudError("InvalidServiceName", f"The Vpc Endpoint Service '{_service(request)}' does not exist")
    check_policy(request, "policy", ENDPOINT)
    if _type(request) == "Gateway":
        _check_gateway(request)
    elif _type(request) == "Interface":
        _check_interface(request)


def _check_gateway(request: Request) -> None:
    if _service(request) not in prefix_lists(region(request)):
        problem = f"The Vpc Endpoint Service '{_service(request)}' does not support the type Gateway"
        raise CloudError("InvalidParameter", problem)
    for key in ("subnetIds", "securityGroupIds", "privateDnsEnabled"):
        if request.inputs.get(key):
            raise CloudError("InvalidParameter", f"{key} is not supported for endpoints of the type Gateway")
    mine = set(values_at(request.inputs, "routeTableIds"))
    for other in _others(request):
        taken = mine & set(other.inputs.get("routeTableIds") or [])
        if taken and other.inputs.get("serviceName") == _service(request):
            prefix = prefix_lists(region(request))[_service(request)]
            problem = f"route table {min(taken)} already has a route with destination-prefix-list-id {prefix}"
            raise CloudError("RouteAlreadyExists", problem)


def _check_interface(request: Request) -> None:
    if request.inputs.get("routeTableIds"):
        raise CloudError("InvalidParameter", "routeTableIds is not supported for endpoints of the type Interface")
    subnets = [request.existing.find(value, SUBNET) for value in values_at(request.inputs, "subnetIds")]
    zones = [subnet.outputs["availabilityZone"] for subnet in subnets if subnet]
    if len(set(zones)) != len(zones):
        raise CloudError("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone")
    if any(subnet.inputs["vpcId"] != request.text("vpcId") for subnet in subnets if subnet):
        raise CloudError("InvalidSubnetId.NotFound", f"The subnets are not all in the vpc {request.text('vpcId')}")
    if request.inputs.get("privateDnsEnabled") is True:
        _check_private_names(request)


def _check_private_names(request: Request) -> None:
    vpc = request.existing.find(request.text("vpcId"), VPC)
    if vpc and not (vpc.outputs["enableDnsSupport"] and vpc.outputs["enableDnsHostnames"]):
        problem = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true"
        )
        raise CloudError("InvalidParameter", f"{problem} for {request.text('vpcId')}")
    for other in _others(request):
        if other.inputs.get("serviceName") == _service(request) and other.inputs.get("privateDnsEnabled") is True:
            problem = "private-dns-enabled cannot be set because there is already a conflicting DNS domain for"
            raise CloudError("InvalidParameter", f"{problem} {_service(request)} in the VPC {request.text('vpcId')}")


def _others(request: Request) -> Iterator[Record]:
    return (
        record
        for record in request.existing.of_type(_ENDPOINT)
        if record.inputs.get("vpcId") == request.text("vpcId") and record.id != request.id
    )


def _outputs(request: Request) -> Properties:
    interface = _type(request) == "Interface"
    subnets = list(values_at(request.inputs, "subnetIds")) if interface else []
    where = region(request)
    found: Properties = {
        "ownerId": request.cloud.account_id,
        "requesterManaged": False,
        "state": "available",
        "prefixListId": prefix_lists(where).get(_service(request), ""),
        "cidrBlocks": prefix_list_ranges(where, _service(request)),
        "networkInterfaceIds": [f"eni-0{request.hex(f'interface in {subnet}', 16)}" for subnet in subnets],
        "dnsEntries": _names(request, subnets) if interface else [],
    }
    if request.inputs.get("subnetConfigurations") is None:
        found["subnetConfigurations"] = [{"subnetId": subnet, "ipv4": _address(request, subnet)} for subnet in subnets]
    if interface and request.inputs.get("securityGroupIds") is None:
        vpc = request.existing.find(request.text("vpcId"), VPC)
        found["securityGroupIds"] = [vpc.outputs["defaultSecurityGroupId"]] if vpc else []
    return found


def _names(request: Request, subnets: list[str]) -> list[Json]:
    """Return the endpoint's DNS names: regional, one per zone, and the service's own where it is private."""
    service = ".".join(reversed(_service(request).rpartition(f".{region(request)}.")[2].split(".")))
    label = f"{request.id}-{request.hex('label', 8)}"
    domain = f"{service}.{region(request)}.vpce.amazonaws.com"
    zones = [record.outputs["availabilityZone"] for record in map(_finder(request), subnets) if record]
    names = [f"{label}.{domain}", *(f"{label}-{zone}.{domain}" for zone in zones)]
    zone_of = "Z" + request.hex("zone of endpoints", 13).upper()
    entries = [{"dnsName": name, "hostedZoneId": zone_of} for name in names]
    if request.inputs.get("privateDnsEnabled") is True:
        private = f"{service}.{region(request)}.amazonaws.com"
        entries.append({"dnsName": private, "hostedZoneId": "Z" + request.hex("private zone", 13).upper()})
    return entries


def _finder(request: Request) -> Callable[[str], Record | None]:
    return lambda subnet: request.existing.find(subnet, SUBNET)


def _address(request: Request, subnet: str) -> str:
    record = request.existing.find(subnet, SUBNET)
    block = record.inputs.get("cidrBlock") if record else None
    if not isinstance(block, str) or block == UNKNOWN:
        return ""
    network = ipaddress.IPv4Network(block)
    usable = network.num_addresses - _RESERVED - 1
    return str(network[_RESERVED + int(request.hex(f"address in {subnet}", 8), 16) % usable])


MODELS = (
    aws(
        "ec2/vpcEndpoint:VpcEndpoint",
        properties="autoAccept dnsOptions ipAddressType policy privateDnsEnabled resourceConfigurationArn"
        " routeTableIds securityGroupIds serviceName serviceNetworkArn serviceRegion subnetConfigurations subnetIds"
        " vpcEndpointType",
        required="vpcId",
        tagged=True,
        make_id=network_id("vpce"),
        arn=lambda request: regional_arn(request, "ec2", f"vpc-endpoint/{request.id}"),
        references=(
            vpc_reference(),
            subnet_reference("subnetIds"),
            group_reference("securityGroupIds"),
            route_table_reference("routeTableIds"),
        ),
        check=_check,
        defaults={
            "dnsOptions": {"dnsRecordIpType": "ipv4", "privateDnsOnlyForInboundResolverEndpoint": False},
            "ipAddressType": "ipv4",
            "policy": _OPEN_POLICY,
            "privateDnsEnabled": False,
            "routeTableIds": [],
            "securityGroupIds": [],
            "subnetIds": [],
            "vpcEndpointType": "Gateway",
        },
        outputs=lambda request: {"serviceRegion": request.text("serviceRegion", region(request)), **_outputs(request)},
        replace_on="resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType vpcId",
    ),
)
