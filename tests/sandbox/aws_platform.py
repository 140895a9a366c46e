"""A small platform with one resource of every AWS type that the sandbox models, in an order that works."""

import json
from collections.abc import Callable

from shared.sandbox.wire import Json, Properties
from tests.sandbox.simulated_cloud import CLOUD, Resource, SimulatedCloud

Made = dict[str, Resource]
Step = tuple[str, str, Callable[[Made], Properties]]

ACCOUNT = CLOUD.account_id
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
GITHUB = "https://token.actions.githubusercontent.com"
TAGS = {"environment": "test"}


def policy(*statements: Properties) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(**elements: Json) -> Properties:
    """Return a statement that allows; an element left out is not in it."""
    return {"Effect": "Allow", "Action": "s3:GetObject", **elements}


TRUST = policy(allow(Action="sts:AssumeRole", Principal={"Service": "sagemaker.amazonaws.com"}))
READ = policy(allow(Resource="*"))


def key_policy(*principals: str) -> str:
    """Return the policy of a key that the account administers and the principals use."""
    return policy(
        allow(Action="kms:*", Principal={"AWS": ROOT}, Resource="*"),
        allow(Action=["kms:Decrypt"], Principal={"AWS": list(principals)}, Resource="*"),
    )


def definition(*steps: Properties) -> str:
    """Return a pipeline definition."""
    return json.dumps({"Version": "2020-12-01", "Steps": list(steps)})


def _in_bucket(**more: Json) -> Callable[[Made], Properties]:
    return lambda made: {"bucket": made["bucket"].id, **more}


def _bucket_policy(made: Made) -> Properties:
    arn = made["bucket"].outputs["arn"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    return {"bucket": made["bucket"].id, "policy": policy(deny)}


def _encryption(made: Made) -> Properties:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": made["key"].outputs["arn"]}
    return {
        "bucket": made["bucket"].id,
        "rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}],
    }


def _pipeline(made: Made) -> Properties:
    return {
        "pipelineName": "Training",
        "pipelineDisplayName": "Training",
        "roleArn": made["role"].outputs["arn"],
        "pipelineDefinition": definition({"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}),
        "tags": TAGS,
    }


def _interface(made: Made) -> Properties:
    return {
        "vpcId": made["vpc"].id,
        "serviceName": f"com.amazonaws.{CLOUD.region}.sagemaker.api",
        "vpcEndpointType": "Interface",
        "subnetIds": [made["subnet"].id, made["other subnet"].id],
        "securityGroupIds": [made["group"].id],
        "privateDnsEnabled": True,
    }


STEPS: list[Step] = [
    (
        "oidc provider",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        lambda _: {"url": GITHUB, "clientIdLists": ["sts.amazonaws.com"], "tags": TAGS},
    ),
    ("boundary", "aws:iam/policy:Policy", lambda _: {"name": "boundary", "path": "/ml/", "policy": READ}),
    (
        "role",
        "aws:iam/role:Role",
        lambda made: {
            "name": "job",
            "assumeRolePolicy": TRUST,
            "permissionsBoundary": made["boundary"].outputs["arn"],
            "tags": TAGS,
        },
    ),
    (
        "role policy",
        "aws:iam/rolePolicy:RolePolicy",
        lambda made: {"role": made["role"].id, "name": "read", "policy": READ},
    ),
    (
        "attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        lambda made: {"role": made["role"].id, "policyArn": made["boundary"].outputs["arn"]},
    ),
    (
        "key",
        "aws:kms/key:Key",
        lambda made: {"policy": key_policy(made["role"].outputs["arn"]), "enableKeyRotation": True, "tags": TAGS},
    ),
    ("alias", "aws:kms/alias:Alias", lambda made: {"name": "alias/ml", "targetKeyId": made["key"].id}),
    ("log bucket", "aws:s3/bucket:Bucket", lambda _: {"bucket": "ml-access-logs"}),
    ("bucket", "aws:s3/bucket:Bucket", lambda _: {"bucket": "ml-artifacts", "tags": TAGS}),
    (
        "ownership",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        _in_bucket(rule={"objectOwnership": "BucketOwnerEnforced"}),
    ),
    ("public access", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", _in_bucket(blockPublicAcls=True)),
    (
        "versioning",
        "aws:s3/bucketVersioning:BucketVersioning",
        _in_bucket(versioningConfiguration={"status": "Enabled"}),
    ),
    (
        "encryption",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        _encryption,
    ),
    (
        "logging",
        "aws:s3/bucketLogging:BucketLogging",
        lambda made: {"bucket": made["bucket"].id, "targetBucket": made["log bucket"].id, "targetPrefix": "s3/"},
    ),
    (
        "lifecycle",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        _in_bucket(
            rules=[{"id": "parts", "status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}]
        ),
    ),
    ("bucket policy", "aws:s3/bucketPolicy:BucketPolicy", _bucket_policy),
    ("notification", "aws:s3/bucketNotification:BucketNotification", _in_bucket(eventbridge=True)),
    ("object", "aws:s3/bucketObjectv2:BucketObjectv2", _in_bucket(key="definitions/one.json", content="{}")),
    (
        "object lock",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        _in_bucket(rule={"defaultRetention": {"mode": "GOVERNANCE", "days": 3}}),
    ),
    (
        "model group",
        "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
        lambda _: {"modelPackageGroupName": "models", "tags": TAGS},
    ),
    ("pipeline", "aws:sagemaker/pipeline:Pipeline", _pipeline),
    (
        "rule",
        "aws:cloudwatch/eventRule:EventRule",
        lambda _: {"name": "new-data", "eventPattern": json.dumps({"source": ["aws.s3"]}), "tags": TAGS},
    ),
    (
        "target",
        "aws:cloudwatch/eventTarget:EventTarget",
        lambda made: {
            "rule": made["rule"].id,
            "targetId": "pipeline",
            "arn": made["pipeline"].outputs["arn"],
            "roleArn": made["role"].outputs["arn"],
            "sagemakerPipelineTarget": {"pipelineParameterLists": [{"name": "A", "value": "b"}]},
        },
    ),
    (
        "logs",
        "aws:cloudwatch/logGroup:LogGroup",
        lambda made: {"name": "/vpc/flow", "retentionInDays": 30, "kmsKeyId": made["key"].outputs["arn"]},
    ),
    ("vpc", "aws:ec2/vpc:Vpc", lambda _: {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": TAGS}),
    (
        "subnet",
        "aws:ec2/subnet:Subnet",
        lambda made: {"vpcId": made["vpc"].id, "cidrBlock": "10.0.0.0/24", "availabilityZone": f"{CLOUD.region}a"},
    ),
    (
        "other subnet",
        "aws:ec2/subnet:Subnet",
        lambda made: {"vpcId": made["vpc"].id, "cidrBlock": "10.0.1.0/24", "availabilityZone": f"{CLOUD.region}b"},
    ),
    ("default group", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", lambda made: {"vpcId": made["vpc"].id}),
    ("group", "aws:ec2/securityGroup:SecurityGroup", lambda made: {"vpcId": made["vpc"].id, "name": "jobs"}),
    ("route table", "aws:ec2/routeTable:RouteTable", lambda made: {"vpcId": made["vpc"].id}),
    (
        "association",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        lambda made: {"subnetId": made["subnet"].id, "routeTableId": made["route table"].id},
    ),
    (
        "gateway",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        lambda made: {
            "vpcId": made["vpc"].id,
            "serviceName": f"com.amazonaws.{CLOUD.region}.s3",
            "routeTableIds": [made["route table"].id],
        },
    ),
    ("interface", "aws:ec2/vpcEndpoint:VpcEndpoint", _interface),
    (
        "flow log",
        "aws:ec2/flowLog:FlowLog",
        lambda made: {
            "vpcId": made["vpc"].id,
            "trafficType": "ALL",
            "logDestination": made["logs"].outputs["arn"],
            "iamRoleArn": made["role"].outputs["arn"],
        },
    ),
    (
        "ingress",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        lambda made: {
            "securityGroupId": made["group"].id,
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
            "referencedSecurityGroupId": made["group"].id,
        },
    ),
    (
        "egress",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        lambda made: {
            "securityGroupId": made["group"].id,
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
            "prefixListId": made["gateway"].outputs["prefixListId"],
        },
    ),
]


def build(cloud: SimulatedCloud) -> Made:
    """Create everything."""
    made: Made = {}
    for name, token, inputs in STEPS:
        made[name] = cloud.create(token, inputs(made))
    return made
