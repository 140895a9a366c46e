"""By which inputs a resource is known whose id the cloud makes up.

The cloud itself lets only one have them, or the programs do: names and tags that no two resources of one stack share.
"""

from collections.abc import Mapping
from typing import Final

MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    # One of each in a network.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("vpcId",),
    "aws:ec2/securityGroup:SecurityGroup": ("vpcId", "name"),
    "aws:ec2/subnet:Subnet": ("vpcId", "cidrBlock"),
    # AWS refuses a second one: FlowLogAlreadyExists, Resource.AlreadyAssociated, InvalidPermission.Duplicate.
    "aws:ec2/flowLog:FlowLog": ("vpcId", "trafficType", "logDestination"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("routeTableId", "subnetId"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "securityGroupId",
        "ipProtocol",
        "fromPort",
        "toPort",
        "cidrIpv4",
        "cidrIpv6",
        "prefixListId",
        "referencedSecurityGroupId",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "securityGroupId",
        "ipProtocol",
        "fromPort",
        "toPort",
        "cidrIpv4",
        "cidrIpv6",
        "prefixListId",
        "referencedSecurityGroupId",
    ),
    # Only their tags say whose they are.
    "aws:ec2/routeTable:RouteTable": ("vpcId", "tags"),
    "aws:ec2/vpc:Vpc": ("cidrBlock", "tags"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("vpcId", "serviceName", "tags"),
    "aws:kms/key:Key": ("description", "tags"),
    # Names that the programs keep unique (preventDuplicateNames), and what Entra allows once only.
    "azuread:index/appRoleAssignment:AppRoleAssignment": ("appRoleId", "principalObjectId", "resourceObjectId"),
    "azuread:index/application:Application": ("displayName",),
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": (
        "applicationId",
        "displayName",
    ),
    "azuread:index/group:Group": ("displayName",),
    "azuread:index/servicePrincipal:ServicePrincipal": ("clientId",),
}
"""Names of inputs, by type token."""
