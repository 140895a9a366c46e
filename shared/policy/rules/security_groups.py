"""A security group lets nothing in from the internet and nothing out to it, on whatever port.

Checkov looks at some ports inwards, and outwards at groups whose rules are written in them. Arguments: Pulumi Registry,
aws.vpc.SecurityGroupEgressRule, aws.ec2.SecurityGroup and aws.ec2.SecurityGroupRule.
"""

from collections.abc import Iterator

from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.rules.documents import listed
from shared.policy.rules.own_networks import is_public
from shared.policy.rules.rule import Estate, Rule

_NETWORKS = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
_INSIDE = ("ingress", "egress")


def _speaks_with_everybody(resource: Resource, _: Estate) -> str:
    rules = [resource.inputs, *(rule for key in _INSIDE for rule in listed(resource.inputs.get(key)))]
    public = sorted({network for rule in rules for network in _networks(rule) if is_public(network)})
    return f"{', '.join(public)} is the internet" if public else ""


def _networks(rule: Json) -> Iterator[str]:
    return (str(network) for key in _NETWORKS for network in listed(at(rule, key)))


RULES = (
    Rule(
        id="MLP_AWS_5",
        title="a security group speaks with our networks only",
        types=frozenset(
            {
                "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
                "aws:ec2/securityGroup:SecurityGroup",
                "aws:ec2/securityGroupRule:SecurityGroupRule",
                "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            }
        ),
        problem=_speaks_with_everybody,
        fix="name a security group, a prefix list or the endpoints' subnets",
    ),
)
