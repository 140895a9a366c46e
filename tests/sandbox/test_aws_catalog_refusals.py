"""What the simulated AWS refuses, with the services' own error codes."""

import json
from collections.abc import Callable

import pytest

from shared.sandbox.wire import Properties
from tests.sandbox.aws_platform import READ, ROOT, TRUST, Made, allow, build, definition, key_policy, policy
from tests.sandbox.simulated_cloud import CLOUD, RefusedError, SimulatedCloud

ACCOUNT, REGION = CLOUD.account_id, CLOUD.region
GHOST = f"arn:aws:iam::{ACCOUNT}:role/ghost"
ROLE, POLICY, KEY, BUCKET = "aws:iam/role:Role", "aws:iam/policy:Policy", "aws:kms/key:Key", "aws:s3/bucket:Bucket"
ENDPOINT, SUBNET, GROUP = (
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/securityGroup:SecurityGroup",
)
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
PIPELINE, FLOW_LOG = "aws:sagemaker/pipeline:Pipeline", "aws:ec2/flowLog:FlowLog"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def test_what_is_accepted_is_no_refusal(cloud: SimulatedCloud) -> None:
    with pytest.raises(AssertionError, match="LogGroup was created"):
        cloud.refusal("aws:cloudwatch/logGroup:LogGroup", {"name": "accepted"})


@pytest.mark.parametrize(
    ("token", "name", "code"),
    [
        (BUCKET, {"bucket": "Ml_Artifacts"}, "InvalidBucketName"),
        (BUCKET, {"bucket": "ab"}, "InvalidBucketName"),
        (BUCKET, {"bucket": "xn--a-bucket"}, "InvalidBucketName"),
        (BUCKET, {"bucket": "192.168.5.4"}, "InvalidBucketName"),
        (BUCKET, {"bucket": "a" * 64}, "InvalidBucketName"),
        (ROLE, {"name": "a role", "assumeRolePolicy": TRUST}, "ValidationError"),
        (ROLE, {"name": "r" * 65, "assumeRolePolicy": TRUST}, "ValidationError"),
        (POLICY, {"name": "p" * 129, "policy": READ}, "ValidationError"),
        ("aws:kms/alias:Alias", {"name": "ml", "targetKeyId": "x"}, "ValidationException"),
        ("aws:kms/alias:Alias", {"name": "alias/aws/s3", "targetKeyId": "x"}, "ValidationException"),
        (PIPELINE, {"pipelineName": "-a", "pipelineDisplayName": "a"}, "ValidationException"),
        (PIPELINE, {"pipelineName": "a" * 257, "pipelineDisplayName": "a"}, "ValidationException"),
        (
            "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
            {"modelPackageGroupName": "m" * 64},
            "ValidationException",
        ),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "a rule"}, "ValidationException"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "a group"}, "InvalidParameterException"),
        (GROUP, {"name": "sg-mine"}, "InvalidParameterValue"),
    ],
)
def test_names_follow_the_services_rules(cloud: SimulatedCloud, token: str, name: Properties, code: str) -> None:
    assert code in cloud.refusal(token, name)


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("bucket", {}, "BucketAlreadyExists"),
        ("role", {}, "EntityAlreadyExists"),
        ("role", {"name": "JOB", "path": "/x/"}, "EntityAlreadyExists"),
        ("boundary", {"path": "/other/"}, "EntityAlreadyExists"),
        ("oidc provider", {}, "EntityAlreadyExists"),
        ("alias", {}, "AlreadyExistsException"),
        ("pipeline", {}, "ValidationException"),
        ("model group", {}, "ValidationException"),
        ("logs", {}, "ResourceAlreadyExistsException"),
        ("group", {}, "InvalidGroup.Duplicate"),
        ("association", {}, "Resource.AlreadyAssociated"),
        ("ingress", {"description": "again"}, "InvalidPermission.Duplicate"),
        ("subnet", {}, "InvalidSubnet.Conflict"),
        ("gateway", {}, "RouteAlreadyExists"),
        ("interface", {}, "conflicting DNS domain"),
    ],
)
def test_what_is_there_already_is_refused(
    cloud: SimulatedCloud, made: Made, name: str, changed: Properties, code: str
) -> None:
    assert code in cloud.refusal(made[name].token, {**made[name].inputs, **changed})


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("role", {"name": "r", "permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/none"}, "NoSuchEntity"),
        ("role", {"name": "r", "managedPolicyArns": [f"arn:aws:iam::{ACCOUNT}:policy/none"]}, "NoSuchEntity"),
        ("role policy", {"role": "ghost"}, "NoSuchEntity"),
        ("attachment", {"role": "ghost"}, "NoSuchEntity"),
        ("attachment", {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/none"}, "NoSuchEntity"),
        ("alias", {"name": "alias/x", "targetKeyId": "ghost"}, "NotFoundException"),
        ("ownership", {"bucket": "ghost"}, "NoSuchBucket"),
        ("public access", {"bucket": "ghost"}, "NoSuchBucket"),
        ("versioning", {"bucket": "ghost"}, "NoSuchBucket"),
        ("encryption", {"bucket": "ghost"}, "NoSuchBucket"),
        ("logging", {"bucket": "ghost"}, "NoSuchBucket"),
        ("logging", {"bucket": "ml-access-logs", "targetBucket": "ghost"}, "InvalidTargetBucketForLogging"),
        ("lifecycle", {"bucket": "ghost"}, "NoSuchBucket"),
        ("bucket policy", {"bucket": "ghost"}, "NoSuchBucket"),
        ("notification", {"bucket": "ghost"}, "NoSuchBucket"),
        ("object", {"bucket": "ghost"}, "NoSuchBucket"),
        ("object", {"key": "x", "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"}, "KMS.NotFoundException"),
        ("pipeline", {"pipelineName": "p", "roleArn": GHOST}, "ValidationException"),
        ("rule", {"name": "r", "roleArn": GHOST}, "ValidationException"),
        ("target", {"rule": "ghost"}, "ResourceNotFoundException"),
        ("target", {"targetId": "x", "roleArn": GHOST}, "ValidationException"),
        ("logs", {"name": "/x", "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"}, "InvalidParameterException"),
        ("subnet", {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound"),
        ("default group", {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound"),
        ("group", {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound"),
        ("route table", {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound"),
        ("association", {"subnetId": "subnet-0"}, "InvalidSubnetID.NotFound"),
        ("association", {"routeTableId": "rtb-0"}, "InvalidRouteTableID.NotFound"),
        ("gateway", {"routeTableIds": ["rtb-0"]}, "InvalidRouteTableID.NotFound"),
        ("interface", {"subnetIds": ["subnet-0"]}, "InvalidSubnetID.NotFound"),
        ("interface", {"securityGroupIds": ["sg-0"]}, "InvalidGroup.NotFound"),
        ("flow log", {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound"),
        ("flow log", {"iamRoleArn": GHOST}, "InvalidParameter"),
        ("flow log", {"logDestination": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:x"}, "InvalidParameter"),
        ("ingress", {"securityGroupId": "sg-0"}, "InvalidGroup.NotFound"),
        ("ingress", {"referencedSecurityGroupId": "sg-0"}, "InvalidGroup.NotFound"),
        ("egress", {"prefixListId": "pl-0"}, "InvalidPrefixListID.NotFound"),
    ],
)
def test_what_is_named_must_exist(cloud: SimulatedCloud, made: Made, name: str, changed: Properties, code: str) -> None:
    assert code in cloud.refusal(made[name].token, {**made[name].inputs, **changed})


BAD_POLICIES: list[tuple[str, str]] = [
    ("no JSON", "invalid Json"),
    (json.dumps({"Statement": [allow(Resource="*")]}), "version"),
    (json.dumps({"Version": "2024-01-01", "Statement": [allow(Resource="*")]}), "version"),
    (json.dumps({"Version": "2012-10-17"}), "Statement"),
    (policy(), "Statement"),
    (policy(allow(Effect="Maybe", Resource="*")), "effect"),
    (policy(allow(Action=[], Resource="*")), "Action"),
    (policy(allow()), "Resource"),
    (policy(allow(Resource="*", Principal="*")), "prohibited field Principal"),
]


@pytest.mark.parametrize(("text", "problem"), BAD_POLICIES)
def test_identity_policies_are_whole_documents(cloud: SimulatedCloud, made: Made, text: str, problem: str) -> None:
    for token, inputs in (
        (POLICY, {"name": "new", "policy": text}),
        ("aws:iam/rolePolicy:RolePolicy", {"name": "new", "role": made["role"].id, "policy": text}),
        (ROLE, {"name": "new", "assumeRolePolicy": TRUST, "inlinePolicies": [{"name": "a", "policy": text}]}),
    ):
        answer = cloud.refusal(token, inputs)
        assert "MalformedPolicyDocument" in answer
        assert problem in answer


@pytest.mark.parametrize(
    ("token", "inputs", "code"),
    [
        (ROLE, lambda text: {"name": "new", "assumeRolePolicy": text}, "MalformedPolicyDocument"),
        (KEY, lambda text: {"policy": text}, "MalformedPolicyDocumentException"),
        (BUCKET, lambda text: {"bucket": "a-new-one", "policy": text}, "MalformedPolicy"),
        (
            "aws:s3/bucketPolicy:BucketPolicy",
            lambda text: {"bucket": "ml-access-logs", "policy": text},
            "MalformedPolicy",
        ),
    ],
)
def test_policies_name_principals_that_exist(
    cloud: SimulatedCloud, made: Made, token: str, inputs: Callable[[str], Properties], code: str
) -> None:
    resource = {} if token == ROLE else {"Resource": "arn:aws:s3:::ml-access-logs"}
    nobody = policy(allow(**resource))
    ghost = policy(allow(**resource, Principal={"AWS": [ROOT, GHOST]}))
    assert f'"{code}' in cloud.refusal(token, inputs(nobody)).replace("\\", "")
    assert GHOST in cloud.refusal(token, inputs(ghost))


def test_principals_of_other_accounts_and_of_ours_are_believed(cloud: SimulatedCloud, made: Made) -> None:
    other = "arn:aws:iam::999999999999:role/theirs"
    cloud.create(KEY, {"policy": key_policy(made["role"].outputs["arn"], other, ROOT)})


def test_a_trust_policy_names_no_resource(cloud: SimulatedCloud) -> None:
    text = policy(allow(Principal="*", Resource="*"))
    assert "prohibited field Resource" in cloud.refusal(ROLE, {"name": "new", "assumeRolePolicy": text})


def test_a_key_policy_must_let_somebody_change_it(cloud: SimulatedCloud) -> None:
    text = policy(allow(Action="kms:Decrypt", Principal={"AWS": ROOT}, Resource="*"))
    assert "will not allow you to update the key policy" in cloud.refusal(KEY, {"policy": text})
    cloud.create(KEY, {"policy": text, "bypassPolicyLockoutSafetyCheck": True})


def test_a_bucket_policy_speaks_of_its_own_bucket(cloud: SimulatedCloud) -> None:
    text = policy(allow(Principal="*", Resource="arn:aws:s3:::ml-access-logs-of-others/*"))
    inputs = {"bucket": "ml-access-logs", "policy": text}
    assert "Policy has invalid resource" in cloud.refusal("aws:s3/bucketPolicy:BucketPolicy", inputs)


def test_policies_have_a_size(cloud: SimulatedCloud, made: Made) -> None:
    long = policy(allow(Resource=[f"arn:aws:s3:::{'b' * 60}" for _ in range(90)]))
    assert "LimitExceeded" in cloud.refusal(POLICY, {"name": "long", "policy": long})
    spaced = json.dumps(json.loads(READ), indent=400)
    cloud.create(POLICY, {"name": "spaced", "policy": spaced})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no JSON", "not valid JSON"),
        (json.dumps({"Version": "2012-10-17", "Steps": []}), "2020-12-01"),
        (json.dumps({"Version": "2020-12-01"}), "Steps"),
        (definition({"Name": "a"}), "Steps"),
        (definition({"Name": "a", "Type": "Fail"}, {"Name": "a", "Type": "Fail"}), "Duplicate step names: a"),
        (" " * 1_048_577, "1048577 characters"),
    ],
)
def test_a_pipeline_has_a_definition(cloud: SimulatedCloud, made: Made, text: str, problem: str) -> None:
    inputs = {**made["pipeline"].inputs, "pipelineName": "new", "pipelineDefinition": text}
    answer = cloud.refusal(PIPELINE, inputs)
    assert "ValidationException" in answer
    assert problem in answer


def test_a_pipeline_has_one_definition_and_a_role(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {**made["pipeline"].inputs, "pipelineName": "new"}
    location = {"bucket": made["bucket"].id, "objectKey": "definitions/one.json"}
    none = {key: value for key, value in inputs.items() if key != "pipelineDefinition"}
    assert "exactly one" in cloud.refusal(PIPELINE, none)
    assert "exactly one" in cloud.refusal(PIPELINE, {**inputs, "pipelineDefinitionS3Location": location})
    nobody = {key: value for key, value in inputs.items() if key != "roleArn"}
    assert "roleArn" in cloud.refusal(PIPELINE, nobody)
    lost = {**none, "pipelineDefinitionS3Location": {**location, "bucket": "ghost"}}
    assert "ghost" in cloud.refusal(PIPELINE, lost)


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("10.0.0.0/8", "InvalidVpc.Range"),
        ("10.0.0.0/29", "InvalidVpc.Range"),
        ("10.0.0.1/16", "InvalidVpc.Range"),
        ("ten", "InvalidVpc.Range"),
    ],
)
def test_a_vpc_has_a_range_of_addresses(cloud: SimulatedCloud, block: str, code: str) -> None:
    assert code in cloud.refusal("aws:ec2/vpc:Vpc", {"cidrBlock": block})


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cidrBlock": "10.1.0.0/24"}, "InvalidSubnet.Range"),
        ({"cidrBlock": "10.0.0.0/15"}, "InvalidSubnet.Range"),
        ({"cidrBlock": "10.0.0.128/25"}, "InvalidSubnet.Conflict"),
        ({"cidrBlock": "10.0.0.0/23"}, "InvalidSubnet.Conflict"),
        ({"cidrBlock": "10.0.8.0/24", "availabilityZone": "us-east-1a"}, "InvalidParameterValue"),
    ],
)
def test_subnets_share_the_range_of_their_vpc(
    cloud: SimulatedCloud, made: Made, changed: Properties, code: str
) -> None:
    assert code in cloud.refusal(SUBNET, {**made["subnet"].inputs, **changed})


def test_a_subnet_is_not_larger_than_its_vpc(cloud: SimulatedCloud) -> None:
    vpc = cloud.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.9.0.0/24"})
    assert "InvalidSubnet.Range" in cloud.refusal(SUBNET, {"vpcId": vpc.id, "cidrBlock": "10.9.0.0/20"})


def test_a_subnet_of_another_vpc_is_no_conflict(cloud: SimulatedCloud, made: Made) -> None:
    vpc = cloud.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    subnet = cloud.create(SUBNET, {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    inputs = {**made["interface"].inputs, "privateDnsEnabled": False, "subnetIds": [subnet.id]}
    assert "InvalidSubnetId.NotFound" in cloud.refusal(ENDPOINT, inputs)
    dark = {**made["interface"].inputs, "vpcId": vpc.id, "subnetIds": [subnet.id], "securityGroupIds": []}
    assert "enableDnsHostnames" in cloud.refusal(ENDPOINT, dark)


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("gateway", {"serviceName": "com.amazonaws.us-east-1.s3"}, "InvalidServiceName"),
        ("gateway", {"serviceName": f"com.amazonaws.{REGION}.kms"}, "does not support the type Gateway"),
        ("gateway", {"subnetIds": ["x"]}, "InvalidSubnetID.NotFound"),
        ("gateway", {"privateDnsEnabled": True, "routeTableIds": []}, "not supported"),
        ("gateway", {"policy": "no JSON", "routeTableIds": []}, "InvalidPolicyDocument"),
    ],
)
def test_endpoints_are_of_services_of_the_region(
    cloud: SimulatedCloud, made: Made, name: str, changed: Properties, code: str
) -> None:
    assert code in cloud.refusal(ENDPOINT, {**made[name].inputs, **changed})


def test_an_endpoint_has_one_subnet_in_a_zone_and_no_routes(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {**made["interface"].inputs, "serviceName": f"com.amazonaws.{REGION}.kms"}
    near = cloud.create(SUBNET, {**made["subnet"].inputs, "cidrBlock": "10.0.7.0/24"})
    twice = {**inputs, "subnetIds": [made["subnet"].id, near.id]}
    assert "DuplicateSubnetsInSameZone" in cloud.refusal(ENDPOINT, twice)
    assert "routeTableIds" in cloud.refusal(ENDPOINT, {**inputs, "routeTableIds": [made["route table"].id]})


@pytest.mark.parametrize(
    ("token", "inputs", "problem"),
    [
        (INGRESS, {"ipProtocol": "tcp", "fromPort": 1, "toPort": 2}, "exactly one of cidrIpv4"),
        (
            INGRESS,
            {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0", "prefixListId": "pl-1"},
            "exactly one of cidrIpv4",
        ),
        (INGRESS, {"ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/16"}, "fromPort and toPort"),
    ],
)
def test_a_rule_has_one_peer_and_ports(
    cloud: SimulatedCloud, made: Made, token: str, inputs: Properties, problem: str
) -> None:
    assert problem in cloud.refusal(token, {"securityGroupId": made["group"].id, **inputs})


@pytest.mark.parametrize(
    ("token", "inputs", "problem"),
    [
        (GROUP, {"name": "x"}, "VPCIdNotSpecified"),
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {}, "VPCIdNotSpecified"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "x"}, "EventPattern or ScheduleExpression"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "x", "eventPattern": "x"}, "InvalidEventPatternException"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "x", "scheduleExpression": "x"}, "ScheduleExpression"),
        (
            "aws:cloudwatch/eventTarget:EventTarget",
            {"rule": "new-data", "arn": "x", "sagemakerPipelineTarget": {}},
            "RoleArn",
        ),
        (
            "aws:cloudwatch/eventTarget:EventTarget",
            {
                "rule": "new-data",
                "arn": "x",
                "roleArn": f"arn:aws:iam::{ACCOUNT}:role/job",
                "sagemakerPipelineTarget": {},
            },
            "ProviderCrashed",
        ),
        (
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            {"bucket": "ml-access-logs", "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}},
            "InvalidBucketState",
        ),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "x", "retentionInDays": 31}, "InvalidParameterException"),
        (
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            {"url": "http://x", "clientIdLists": []},
            "ValidationError",
        ),
        (FLOW_LOG, {"trafficType": "ALL"}, "exactly one of vpcId"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "ml-artifacts", "key": ""}, "InvalidArgument"),
        (
            "aws:s3/bucketObjectv2:BucketObjectv2",
            {"bucket": "ml-artifacts", "key": "x", "content": "a", "contentBase64": "YQ=="},
            "only one of",
        ),
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"bucket": "ml-access-logs", "rules": [{"id": "a", "status": "Enabled"}]},
            "At least one action",
        ),
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"bucket": "ml-access-logs", "rules": [{"id": "a", "status": "Enabled"}] * 2},
            "must be unique",
        ),
        (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {
                "bucket": "ml-access-logs",
                "rules": [
                    {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": "alias/ml"}}
                ],
            },
            "InvalidArgument",
        ),
    ],
)
def test_inputs_that_contradict_each_other_are_refused(
    cloud: SimulatedCloud, made: Made, token: str, inputs: Properties, problem: str
) -> None:
    assert problem in cloud.refusal(token, inputs)


def test_a_flow_log_to_a_group_needs_a_role(cloud: SimulatedCloud, made: Made) -> None:
    inputs = {key: value for key, value in made["flow log"].inputs.items() if key != "iamRoleArn"}
    assert "DeliverLogsPermissionArn" in cloud.refusal(FLOW_LOG, inputs)


def test_other_regions_are_not_simulated_by_functions(cloud: SimulatedCloud) -> None:
    with pytest.raises(RefusedError, match="NotModelled"):
        cloud.invoke("aws:index/getRegion:getRegion", region="us-east-1")
