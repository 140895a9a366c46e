"""Amazon EC2 security groups and their rules."""

from collections.abc import Iterator

from shared.sandbox.catalog.aws.account import (
    Reference,
    aws,
    held_by,
    network_id,
    physical_name,
    region,
    regional_arn,
    unless_held,
)
from shared.sandbox.catalog.aws.ec2 import INTERFACE, VPC, vpc_reference
from shared.sandbox.catalog.aws.prefix_lists import prefix_lists
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import NameRule, Request, ResourceModel
from shared.sandbox.wire import Properties

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
_PEERS = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_NAME = r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}"


def group_reference(key: str) -> Reference:
    """Return the reference of an input that holds the id, or ids, of security groups. A VPC has a default one."""
    targets = {SECURITY_GROUP: ("id",), VPC: ("defaultSecurityGroupId",)}
    message = "The security group '{}' does not exist"
    return Reference(property=key, targets=targets, code="InvalidGroup.NotFound", message=message)


def _arn(request: Request) -> str:
    return regional_arn(request, "ec2", f"security-group/{request.id}")


def _default_group(request: Request) -> str:
    """Return the id of the group that came with the VPC: the provider adopts it, and creates nothing."""
    vpc = request.existing.find(request.text("vpcId"), VPC)
    if not request.text("vpcId"):
        raise CloudError("VPCIdNotSpecified", "No default VPC for this user")
    if vpc is None:
        raise CloudError("InvalidVpcID.NotFound", f"The vpc ID '{request.text('vpcId')}' does not exist")
    return str(vpc.outputs["defaultSecurityGroupId"])


def _default_group_outputs(request: Request) -> Properties:
    fixed = {"name": "default", "namePrefix": "", "description": "default VPC security group"}
    return {**fixed, "ownerId": request.cloud.account_id}


def _check_group(request: Request) -> None:
    if not request.text("vpcId"):
        raise CloudError("VPCIdNotSpecified", "No default VPC for this user")


def _rules_of_others(request: Request) -> Iterator[Record]:
    """A group's own rules go with it; those of another group that name it hold it."""
    for token in _RULES:
        for record in held_by(token, "referencedSecurityGroupId")(request):
            if record.inputs.get("securityGroupId") != request.id:
                yield record


def _check_rule(request: Request) -> None:
    given = [key for key in _PEERS if request.text(key)]
    if len(given) != 1:
        raise CloudError("InvalidParameterValue", f"exactly one of {', '.join(_PEERS)} must be given")
    has_ports = request.inputs.get("fromPort") is not None and request.inputs.get("toPort") is not None
    if request.text("ipProtocol") in ("tcp", "udp", "6", "17") and not has_ports:
        raise CloudError("InvalidParameterValue", "Invalid value for portRange: tcp and udp need fromPort and toPort")
    known = prefix_lists(region(request))
    if request.text("prefixListId") and request.text("prefixListId") not in known.values():
        problem = f"The prefix list ID '{request.text('prefixListId')}' does not exist"
        raise CloudError("InvalidPrefixListID.NotFound", problem)


def _rule(token: str, direction: str) -> ResourceModel:
    def unique(request: Request) -> str:
        said = [
            str(request.inputs.get(key)) for key in ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_PEERS)
        ]
        return f"{direction} rule {' '.join(said)}"

    return aws(
        token,
        properties="cidrIpv4 cidrIpv6 description fromPort prefixListId referencedSecurityGroupId toPort",
        required="ipProtocol securityGroupId",
        tagged=True,
        make_id=network_id("sgr"),
        arn=lambda request: regional_arn(request, "ec2", f"security-group-rule/{request.id}"),
        unique=unique,
        taken_code="InvalidPermission.Duplicate",
        references=(group_reference("securityGroupId"), group_reference("referencedSecurityGroupId")),
        check=_check_rule,
        outputs=lambda request: {"securityGroupRuleId": request.id},
        replace_on="securityGroupId",
    )


MODELS = (
    aws(
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
        properties="egress ingress revokeRulesOnDelete vpcId",
        tagged=True,
        make_id=_default_group,
        arn=_arn,
        defaults={"egress": [], "ingress": [], "revokeRulesOnDelete": False},
        outputs=_default_group_outputs,
        replace_on="vpcId",
    ),
    aws(
        "ec2/securityGroup:SecurityGroup",
        properties="description egress ingress name namePrefix revokeRulesOnDelete vpcId",
        tagged=True,
        name=NameRule(property="name", pattern=_NAME, code="InvalidParameterValue"),
        unique=lambda request: f"security group {physical_name(request)} of {request.text('vpcId')}",
        taken_code="InvalidGroup.Duplicate",
        make_id=network_id("sg"),
        arn=_arn,
        references=(vpc_reference(),),
        check=_check_group,
        check_delete=unless_held(
            "DependencyViolation",
            "resource {} has a dependent object",
            held_by("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds"),
            held_by(INTERFACE, "securityGroups"),
            _rules_of_others,
        ),
        defaults={
            "description": "Managed by Pulumi",
            "egress": [],
            "ingress": [],
            "namePrefix": "",
            "revokeRulesOnDelete": False,
        },
        outputs=lambda request: {"name": physical_name(request), "ownerId": request.cloud.account_id},
        replace_on="description name namePrefix vpcId",
    ),
    _rule("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"),
    _rule("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"),
)
