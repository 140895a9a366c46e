"""What the deploy login may do with the VPC that pipeline jobs run in."""

from collections.abc import Mapping

from shared.components.policy_document import Statement
from stacks.identity.aws_arns import AwsArns
from stacks.identity.iam_statement import allow

_RULES = ("ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress")
_NO_RULES = ("ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress")
_MAKE = tuple(
    f"ec2:Create{what}" for what in ("Vpc", "VpcEndpoint", "Subnet", "RouteTable", "SecurityGroup", "FlowLogs")
)
_CHANGE = (
    *(f"ec2:Delete{what}" for what in ("Vpc", "VpcEndpoints", "Subnet", "RouteTable", "SecurityGroup", "FlowLogs")),
    *(f"ec2:Modify{what}" for what in ("VpcAttribute", "VpcEndpoint", "SubnetAttribute", "SecurityGroupRules")),
    *("ec2:AssociateRouteTable", "ec2:DisassociateRouteTable"),
    *_RULES,
    *("ec2:CreateTags", "ec2:DeleteTags"),
)


def network_statements(arns: AwsArns, tagged_ours: Mapping[str, str], made_ours: Mapping[str, str]) -> list[Statement]:
    """Return the statements. A tag decides what is ours, so it is set on what is new, or is ours already.

    tagged_ours and made_ours: the tags that a resource has, and those that a request sets, as condition keys.
    """
    everything = [arns.regional("ec2", "*")]
    groups = [arns.regional("ec2", "security-group/*")]
    rules = [arns.regional("ec2", "security-group-rule/*")]
    return [
        # What is new has no tags yet; what it is made in must be ours.
        allow("MakeNetwork", _MAKE, everything, StringEqualsIfExists=tagged_ours),
        allow("TagNew", ["ec2:CreateTags"], everything, Null={"ec2:CreateAction": "false"}),
        allow("ChangeNetwork", _CHANGE, everything, StringEquals=tagged_ours),
        # A rule that is made with tags has none yet; in which group it may be made, ChangeNetwork says.
        allow("MakeRules", _RULES, rules, StringEquals=made_ours),
        # An endpoint with private names puts a zone of Amazon's into the VPC.
        allow("PrivateNames", ["route53:AssociateVPCWithHostedZone"], ["arn:aws:route53:::hostedzone/*"]),
        # A VPC's default security group is made without tags, and is emptied. One with other tags is somebody else's.
        allow("EmptyGroups", _NO_RULES, groups, StringEqualsIfExists=tagged_ours),
        allow("TagGroups", ["ec2:CreateTags"], groups, StringEquals=made_ours, StringEqualsIfExists=tagged_ours),
    ]
