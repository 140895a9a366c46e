"""The calls that the AWS provider makes for each resource type, as actions of IAM.

Sources: the AWS provider's documentation of each resource, the CloudFormation resource schemas' handler permissions,
and the "Service Authorization Reference" for what each action is asked of.
"""

import dataclasses
from collections.abc import Mapping
from typing import Final

SELF: Final = "self"
ANY: Final = "*"
ZONES: Final = "arn:aws:route53:::hostedzone/*"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    on: "self", "*" for an action that knows no resource, an ARN, or the input that names the resource (one or many): a
    call whose input is not set is not made. new: what it acts on does not exist yet, and gets its tags by this call.
    made_by: the EC2 action that tags what it makes; passed_to: the service that a role is handed to; only_with: an
    input without which there is no call.
    """

    action: str
    on: str = SELF
    new: bool = False
    made_by: str = ""
    passed_to: str = ""
    only_with: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calls:
    """The calls of one resource type, by operation."""

    create: tuple[Call, ...]
    update: tuple[Call, ...] = ()
    delete: tuple[Call, ...] = ()
    read: tuple[Call, ...] = ()

    @property
    def all(self) -> tuple[Call, ...]:
        """Return the calls of all operations."""
        return (*self.create, *self.update, *self.delete, *self.read)


def _on(where: str, *actions: str) -> tuple[Call, ...]:
    return tuple(Call(action=action, on=where) for action in actions)


def _new(*actions: str) -> tuple[Call, ...]:
    return tuple(Call(action=action, new=True) for action in actions)


def _ec2(verb: str) -> tuple[Call, ...]:
    """Return what making something of EC2 with tags asks."""
    return (Call(action=f"ec2:{verb}", new=True), Call(action="ec2:CreateTags", new=True, made_by=verb))


_TAG_EC2: Final = _on(SELF, "ec2:CreateTags", "ec2:DeleteTags")
_EC2: Final[Mapping[str, Calls]] = {
    "aws:ec2/vpc:Vpc": Calls(
        create=(*_ec2("CreateVpc"), *_on(SELF, "ec2:ModifyVpcAttribute")),
        update=(*_on(SELF, "ec2:ModifyVpcAttribute"), *_TAG_EC2),
        delete=_on(SELF, "ec2:DeleteVpc"),
        read=(
            *_on(ANY, "ec2:DescribeVpcs", "ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables"),
            *_on(ANY, "ec2:DescribeSecurityGroups"),
            *_on(SELF, "ec2:DescribeVpcAttribute"),
        ),
    ),
    "aws:ec2/subnet:Subnet": Calls(
        create=(*_ec2("CreateSubnet"), *_on("vpcId", "ec2:CreateSubnet")),
        update=(*_on(SELF, "ec2:ModifySubnetAttribute"), *_TAG_EC2),
        delete=_on(SELF, "ec2:DeleteSubnet"),
        read=_on(ANY, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces"),
    ),
    "aws:ec2/routeTable:RouteTable": Calls(
        create=(*_ec2("CreateRouteTable"), *_on("vpcId", "ec2:CreateRouteTable")),
        update=_TAG_EC2,
        delete=_on(SELF, "ec2:DeleteRouteTable"),
        read=_on(ANY, "ec2:DescribeRouteTables"),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Calls(
        create=(*_on("routeTableId", "ec2:AssociateRouteTable"), *_on("subnetId", "ec2:AssociateRouteTable")),
        delete=(*_on("routeTableId", "ec2:DisassociateRouteTable"), *_on("subnetId", "ec2:DisassociateRouteTable")),
        read=_on(ANY, "ec2:DescribeRouteTables"),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Calls(
        create=(
            *_ec2("CreateSecurityGroup"),
            *_on("vpcId", "ec2:CreateSecurityGroup"),
            *_on(SELF, "ec2:RevokeSecurityGroupEgress"),
        ),
        update=_TAG_EC2,
        delete=_on(SELF, "ec2:DeleteSecurityGroup"),
        read=_on(ANY, "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"),
    ),
    # The VPC made it, without tags; deleting it calls nothing.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Calls(
        create=(*_new("ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress", "ec2:CreateTags"),),
        update=_TAG_EC2,
        read=_on(ANY, "ec2:DescribeSecurityGroups"),
    ),
    **{
        f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule": Calls(
            create=(*_ec2(f"AuthorizeSecurityGroup{way}"), *_on("securityGroupId", f"ec2:AuthorizeSecurityGroup{way}")),
            update=(*_on("securityGroupId", "ec2:ModifySecurityGroupRules"), *_TAG_EC2),
            delete=_on("securityGroupId", f"ec2:RevokeSecurityGroup{way}"),
            read=_on(ANY, "ec2:DescribeSecurityGroupRules"),
        )
        for way in ("Ingress", "Egress")
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": Calls(
        create=(
            *_ec2("CreateVpcEndpoint"),
            *(
                call
                for named in ("vpcId", "routeTableIds", "subnetIds", "securityGroupIds")
                for call in _on(named, "ec2:CreateVpcEndpoint")
            ),
            # An endpoint with private names puts a zone of Amazon's into the VPC.
            Call(action="route53:AssociateVPCWithHostedZone", on=ZONES, only_with="privateDnsEnabled"),
        ),
        update=(
            *_on(SELF, "ec2:ModifyVpcEndpoint"),
            *(
                call
                for named in ("routeTableIds", "subnetIds", "securityGroupIds")
                for call in _on(named, "ec2:ModifyVpcEndpoint")
            ),
            *_TAG_EC2,
        ),
        delete=_on(SELF, "ec2:DeleteVpcEndpoints"),
        read=_on(ANY, "ec2:DescribeVpcEndpoints", "ec2:DescribePrefixLists"),
    ),
    "aws:ec2/flowLog:FlowLog": Calls(
        create=(
            *_ec2("CreateFlowLogs"),
            *_on("vpcId", "ec2:CreateFlowLogs"),
            Call(action="iam:PassRole", on="iamRoleArn", passed_to="vpc-flow-logs.amazonaws.com"),
        ),
        update=_TAG_EC2,
        delete=_on(SELF, "ec2:DeleteFlowLogs"),
        read=_on(ANY, "ec2:DescribeFlowLogs"),
    ),
}

_IAM: Final[Mapping[str, Calls]] = {
    "aws:iam/role:Role": Calls(
        create=_new("iam:CreateRole", "iam:TagRole"),
        update=(
            *_on(SELF, "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
            *_on(SELF, "iam:TagRole", "iam:UntagRole"),
            Call(action="iam:PutRolePermissionsBoundary", only_with="permissionsBoundary"),
        ),
        delete=_on(SELF, "iam:DeleteRole"),
        read=_on(
            SELF,
            *("iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"),
            *("iam:GetRolePolicy", "iam:ListInstanceProfilesForRole"),
        ),
    ),
    "aws:iam/rolePolicy:RolePolicy": Calls(
        create=_on("role", "iam:PutRolePolicy"),
        update=_on("role", "iam:PutRolePolicy"),
        delete=_on("role", "iam:DeleteRolePolicy"),
        read=_on("role", "iam:GetRolePolicy"),
    ),
    "aws:iam/policy:Policy": Calls(
        create=_new("iam:CreatePolicy", "iam:TagPolicy"),
        update=_on(
            SELF,
            *("iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:ListPolicyVersions"),
            *("iam:TagPolicy", "iam:UntagPolicy"),
        ),
        delete=_on(SELF, "iam:ListPolicyVersions", "iam:DeletePolicyVersion", "iam:DeletePolicy"),
        read=_on(SELF, "iam:GetPolicy", "iam:GetPolicyVersion"),
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Calls(
        create=_new("iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"),
        update=_on(
            SELF,
            *("iam:AddClientIDToOpenIDConnectProvider", "iam:RemoveClientIDFromOpenIDConnectProvider"),
            *("iam:UpdateOpenIDConnectProviderThumbprint",),
            *("iam:TagOpenIDConnectProvider", "iam:UntagOpenIDConnectProvider"),
        ),
        delete=_on(SELF, "iam:DeleteOpenIDConnectProvider"),
        read=_on(SELF, "iam:GetOpenIDConnectProvider"),
    ),
}

_KMS: Final[Mapping[str, Calls]] = {
    "aws:kms/key:Key": Calls(
        create=(
            Call(action="kms:CreateKey", on=ANY, new=True),
            *_new("kms:TagResource"),
            *_on(SELF, "kms:EnableKeyRotation", "kms:PutKeyPolicy"),
        ),
        update=_on(
            SELF,
            *("kms:PutKeyPolicy", "kms:UpdateKeyDescription", "kms:EnableKeyRotation"),
            *("kms:TagResource", "kms:UntagResource"),
        ),
        delete=_on(SELF, "kms:ScheduleKeyDeletion"),
        read=_on(
            SELF,
            *("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
        ),
    ),
    "aws:kms/alias:Alias": Calls(
        create=(*_new("kms:CreateAlias"), *_on("targetKeyId", "kms:CreateAlias")),
        update=(*_on(SELF, "kms:UpdateAlias"), *_on("targetKeyId", "kms:UpdateAlias")),
        delete=(*_on(SELF, "kms:DeleteAlias"), *_on("targetKeyId", "kms:DeleteAlias")),
        read=_on(ANY, "kms:ListAliases"),
    ),
}

_READ_BUCKET: Final = (
    *("s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging"),
    *("s3:GetBucketObjectLockConfiguration", "s3:GetBucketPolicy", "s3:GetBucketRequestPayment"),
    *("s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetAccelerateConfiguration"),
    *("s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration"),
)


def _of_bucket(put: str, get: str, delete: str = "") -> Calls:
    return Calls(
        create=_on("bucket", put),
        update=_on("bucket", put),
        delete=_on("bucket", delete or put),
        read=_on("bucket", get),
    )


_S3: Final[Mapping[str, Calls]] = {
    "aws:s3/bucket:Bucket": Calls(
        # Without s3:TagResource the provider tags by s3:PutBucketTagging, as it documents.
        create=_new("s3:CreateBucket", "s3:PutBucketTagging"),
        update=_on(SELF, "s3:PutBucketTagging"),
        delete=_on(SELF, "s3:DeleteBucket", "s3:ListBucketVersions"),
        read=_on(SELF, *_READ_BUCKET),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket(
        "s3:PutLifecycleConfiguration", "s3:GetLifecycleConfiguration"
    ),
    "aws:s3/bucketLogging:BucketLogging": _of_bucket("s3:PutBucketLogging", "s3:GetBucketLogging"),
    "aws:s3/bucketNotification:BucketNotification": _of_bucket("s3:PutBucketNotification", "s3:GetBucketNotification"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _of_bucket(
        "s3:PutBucketObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of_bucket(
        "s3:PutBucketOwnershipControls", "s3:GetBucketOwnershipControls"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _of_bucket("s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket(
        "s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock"
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _of_bucket(
        "s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _of_bucket("s3:PutBucketVersioning", "s3:GetBucketVersioning"),
    "aws:s3/bucketObjectv2:BucketObjectv2": Calls(
        create=(*_new("s3:PutObject", "s3:PutObjectTagging"), *_on("kmsKeyId", "kms:GenerateDataKey")),
        update=(*_on(SELF, "s3:PutObject", "s3:PutObjectTagging"), *_on("kmsKeyId", "kms:GenerateDataKey")),
        delete=(*_on(SELF, "s3:DeleteObject", "s3:DeleteObjectVersion"), *_on("bucket", "s3:ListBucketVersions")),
        read=(*_on(SELF, "s3:GetObject", "s3:GetObjectTagging"), *_on("kmsKeyId", "kms:Decrypt")),
    ),
}

_SAGEMAKER: Final[Mapping[str, Calls]] = {
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": Calls(
        create=_new("sagemaker:CreateModelPackageGroup", "sagemaker:AddTags"),
        update=_on(SELF, "sagemaker:AddTags", "sagemaker:DeleteTags"),
        delete=_on(SELF, "sagemaker:DeleteModelPackageGroup"),
        read=_on(SELF, "sagemaker:DescribeModelPackageGroup", "sagemaker:ListTags"),
    ),
    "aws:sagemaker/pipeline:Pipeline": Calls(
        create=(
            *_new("sagemaker:CreatePipeline", "sagemaker:AddTags"),
            Call(action="iam:PassRole", on="roleArn", passed_to="sagemaker.amazonaws.com"),
        ),
        update=(
            *_on(SELF, "sagemaker:UpdatePipeline", "sagemaker:AddTags", "sagemaker:DeleteTags"),
            Call(action="iam:PassRole", on="roleArn", passed_to="sagemaker.amazonaws.com"),
        ),
        delete=_on(SELF, "sagemaker:DeletePipeline"),
        read=_on(SELF, "sagemaker:DescribePipeline", "sagemaker:ListTags"),
    ),
}

_TARGET: Final = (
    *_on("rule", "events:PutTargets"),
    Call(action="iam:PassRole", on="roleArn", passed_to="events.amazonaws.com"),
)
_CLOUDWATCH: Final[Mapping[str, Calls]] = {
    "aws:cloudwatch/eventRule:EventRule": Calls(
        create=_new("events:PutRule", "events:TagResource"),
        update=_on(
            SELF,
            *("events:PutRule", "events:TagResource", "events:UntagResource"),
        ),
        delete=_on(SELF, "events:DeleteRule"),
        read=_on(SELF, "events:DescribeRule", "events:ListTagsForResource"),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Calls(
        create=_TARGET,
        update=_TARGET,
        delete=_on("rule", "events:RemoveTargets"),
        read=_on("rule", "events:ListTargetsByRule"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Calls(
        create=(
            *_new("logs:CreateLogGroup", "logs:TagResource"),
            *_on(SELF, "logs:PutRetentionPolicy"),
        ),
        update=_on(
            SELF,
            *("logs:PutRetentionPolicy", "logs:AssociateKmsKey", "logs:TagResource", "logs:UntagResource"),
        ),
        delete=_on(SELF, "logs:DeleteLogGroup"),
        read=(*_on(ANY, "logs:DescribeLogGroups"), *_on(SELF, "logs:ListTagsForResource")),
    ),
}

AWS_CALLS: Final[Mapping[str, Calls]] = {**_EC2, **_IAM, **_KMS, **_S3, **_SAGEMAKER, **_CLOUDWATCH}

_READING: Final = ("Describe", "Get", "List")


def only_reads(action: str) -> bool:
    """Tell whether an action, or a pattern of actions, reads and nothing else, by its verb: ec2:Describe*."""
    return action.partition(":")[2].startswith(_READING)
