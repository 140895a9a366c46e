"""Every AWS model: its shape against the SDK, its ids, what it says before and after, what replaces it."""

import re
from pathlib import Path

import pytest

from shared.sandbox.catalog.aws import AWS
from shared.sandbox.wire import UNKNOWN
from tests.sandbox.aws_platform import STEPS, Made, build
from tests.sandbox.sdk_shape import input_problems, output_problems
from tests.sandbox.simulated_cloud import CLOUD, SimulatedCloud, simulated_cloud

# A bucket has these blocks only where it was given them.
ABSENT = {"aws:s3/bucket:Bucket": ("logging", "objectLockConfiguration", "replicationConfiguration", "website")}
ACCOUNT, REGION = CLOUD.account_id, CLOUD.region
HEX = "[0-9a-f]"


@pytest.fixture(scope="module")
def made(cloud: SimulatedCloud) -> Made:
    return build(cloud)


def test_the_platform_has_every_type() -> None:
    assert {token for _, token, _ in STEPS} == set(AWS.resources)


@pytest.mark.parametrize("token", sorted(AWS.resources))
def test_a_model_takes_what_the_sdk_class_takes(token: str) -> None:
    assert input_problems(AWS.resources[token]) == []


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_outputs_have_the_shape_that_the_sdk_reads(made: Made, name: str) -> None:
    resource = made[name]
    assert output_problems(resource.token, resource.outputs, ABSENT.get(resource.token, ())) == []


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_reading_shows_what_was_created(cloud: SimulatedCloud, made: Made, name: str) -> None:
    assert cloud.read(made[name]) == made[name].outputs


@pytest.mark.parametrize("name", [name for name, _, _ in STEPS])
def test_an_update_that_changes_nothing_keeps_every_output(cloud: SimulatedCloud, made: Made, name: str) -> None:
    assert cloud.update(made[name]).outputs == made[name].outputs


@pytest.mark.parametrize("token", sorted(AWS.resources))
def test_a_preview_knows_nothing_where_no_input_is_known(cloud: SimulatedCloud, token: str) -> None:
    outputs = cloud.previewed(token, dict.fromkeys(AWS.resources[token].properties, UNKNOWN))
    assert set(outputs.values()) == {UNKNOWN}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("oidc provider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"),
        ("boundary", f"arn:aws:iam::{ACCOUNT}:policy/ml/boundary"),
        ("role", "job"),
        ("role policy", "job:read"),
        ("attachment", f"job/arn:aws:iam::{ACCOUNT}:policy/ml/boundary"),
        ("key", f"{HEX}{{8}}(-{HEX}{{4}}){{3}}-{HEX}{{12}}"),
        ("alias", "alias/ml"),
        ("bucket", "ml-artifacts"),
        ("bucket policy", "ml-artifacts"),
        ("versioning", "ml-artifacts"),
        ("object", "ml-artifacts/definitions/one.json"),
        ("model group", "models"),
        ("pipeline", "Training"),
        ("rule", "new-data"),
        ("target", "new-data-pipeline"),
        ("logs", "/vpc/flow"),
        ("vpc", f"vpc-{HEX}{{17}}"),
        ("subnet", f"subnet-{HEX}{{17}}"),
        ("group", f"sg-{HEX}{{17}}"),
        ("default group", f"sg-{HEX}{{17}}"),
        ("route table", f"rtb-{HEX}{{17}}"),
        ("association", f"rtbassoc-{HEX}{{17}}"),
        ("gateway", f"vpce-{HEX}{{17}}"),
        ("flow log", f"fl-{HEX}{{17}}"),
        ("ingress", f"sgr-{HEX}{{17}}"),
    ],
)
def test_ids_have_the_service_s_form(made: Made, name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, made[name].id)


@pytest.mark.parametrize(
    ("name", "output", "pattern"),
    [
        ("oidc provider", "url", "token.actions.githubusercontent.com"),
        ("role", "arn", f"arn:aws:iam::{ACCOUNT}:role/job"),
        ("role", "uniqueId", "AROA[0-9A-Z]{17}"),
        ("role", "createDate", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("boundary", "policyId", "ANPA[0-9A-Z]{17}"),
        ("key", "arn", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{HEX}{{8}}-.*"),
        ("alias", "arn", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/ml"),
        ("alias", "targetKeyArn", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/.*"),
        ("bucket", "arn", "arn:aws:s3:::ml-artifacts"),
        ("bucket", "bucketRegionalDomainName", f"ml-artifacts.s3.{REGION}.amazonaws.com"),
        ("bucket", "hostedZoneId", "Z1BKCTXD74EZPE"),
        ("object", "arn", "arn:aws:s3:::ml-artifacts/definitions/one.json"),
        ("object", "serverSideEncryption", "aws:kms"),
        ("object", "versionId", f"{HEX}{{32}}"),
        ("pipeline", "arn", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/training"),
        ("model group", "arn", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/models"),
        ("rule", "arn", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/new-data"),
        ("logs", "arn", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/vpc/flow"),
        ("vpc", "arn", f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-.*"),
        ("subnet", "availabilityZoneId", "euw1-az1"),
        ("gateway", "prefixListId", f"pl-{HEX}{{8}}"),
        ("ingress", "arn", f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group-rule/sgr-.*"),
    ],
)
def test_computed_outputs_have_the_service_s_form(made: Made, name: str, output: str, pattern: str) -> None:
    assert re.fullmatch(pattern, made[name].outputs[output])


def test_tags_are_returned_with_those_of_the_provider(cloud: SimulatedCloud, made: Made) -> None:
    assert made["vpc"].outputs["tagsAll"] == made["vpc"].inputs["tags"]
    assert made["route table"].outputs["tagsAll"] == {}
    changed = cloud.update(made["model group"], tags={"owner": "ml"})
    assert changed.outputs["tagsAll"] == {"owner": "ml"}


def test_resources_of_one_name_live_side_by_side(made: Made) -> None:
    settings = {resource.token for resource in made.values() if resource.id == made["bucket"].id}
    assert len(settings) == 10


def test_the_default_group_is_the_one_that_came_with_the_vpc(made: Made) -> None:
    assert made["default group"].id == made["vpc"].outputs["defaultSecurityGroupId"]
    assert made["default group"].outputs["name"] == "default"


def test_an_interface_endpoint_has_an_interface_and_a_name_in_each_zone(made: Made) -> None:
    outputs = made["interface"].outputs
    names = [entry["dnsName"] for entry in outputs["dnsEntries"]]
    assert len(outputs["networkInterfaceIds"]) == 2
    assert [entry["subnetId"] for entry in outputs["subnetConfigurations"]] == made["interface"].inputs["subnetIds"]
    assert outputs["subnetConfigurations"][0]["ipv4"].startswith("10.0.0.")
    assert names[0].startswith(made["interface"].id)
    assert f"{REGION}b.api.sagemaker" in names[2]
    assert names[-1] == f"api.sagemaker.{REGION}.amazonaws.com"


def test_a_gateway_endpoint_has_no_interfaces(made: Made) -> None:
    outputs = made["gateway"].outputs
    assert outputs["networkInterfaceIds"] == outputs["dnsEntries"] == outputs["subnetIds"] == []
    assert outputs["cidrBlocks"]


def test_a_key_rotates_every_year_unless_told_otherwise(cloud: SimulatedCloud, made: Made) -> None:
    assert made["key"].outputs["rotationPeriodInDays"] == 365
    plain = cloud.create("aws:kms/key:Key", {})
    assert plain.outputs["rotationPeriodInDays"] == 0
    assert f"arn:aws:iam::{ACCOUNT}:root" in plain.outputs["policy"]


def test_a_multi_region_key_says_so_in_its_id(cloud: SimulatedCloud) -> None:
    assert re.fullmatch("mrk-[0-9a-f]{32}", cloud.create("aws:kms/key:Key", {"multiRegion": True}).id)


def test_names_that_are_left_out_are_made_and_stay(cloud: SimulatedCloud, made: Made) -> None:
    policy = cloud.create("aws:iam/rolePolicy:RolePolicy", {"role": "job", "policy": made["boundary"].inputs["policy"]})
    group = cloud.create("aws:ec2/securityGroup:SecurityGroup", {"vpcId": made["vpc"].id, "namePrefix": "jobs-"})
    assert policy.id == f"job:{policy.outputs['name']}"
    assert group.outputs["name"].startswith("jobs-")
    assert cloud.update(group, tags={"a": "b"}).outputs["name"] == group.outputs["name"]


def test_objects_follow_the_default_encryption_and_keep_versions(cloud: SimulatedCloud, made: Made) -> None:
    first = made["object"]
    assert first.outputs["kmsKeyId"] == made["key"].outputs["arn"]
    second = cloud.update(first, content="{1}")
    assert second.outputs["versionId"] != first.outputs["versionId"]
    assert cloud.update(second, content="{}").outputs["versionId"] == first.outputs["versionId"]
    plain = cloud.create("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "ml-access-logs", "key": "/a//b"})
    assert plain.id == "ml-access-logs/a/b"
    assert (plain.outputs["serverSideEncryption"], plain.outputs["versionId"]) == ("AES256", "")
    assert plain.outputs["etag"] == "d41d8cd98f00b204e9800998ecf8427e"


@pytest.mark.parametrize(
    ("name", "changed", "replaces"),
    [
        ("oidc provider", {"url": "https://a.example"}, True),
        ("oidc provider", {"clientIdLists": ["b"]}, False),
        ("role", {"path": "/x/"}, True),
        ("role", {"name": "other"}, True),
        ("role", {"assumeRolePolicy": "{}"}, False),
        ("role policy", {"role": "other"}, True),
        ("boundary", {"description": "changed"}, True),
        ("boundary", {"policy": "{}"}, False),
        ("attachment", {"role": "other"}, True),
        ("key", {"customerMasterKeySpec": "RSA_4096"}, True),
        ("key", {"policy": "{}"}, False),
        ("alias", {"name": "alias/other"}, True),
        ("alias", {"targetKeyId": "other"}, False),
        ("bucket", {"bucket": "another-name"}, True),
        ("bucket", {"objectLockEnabled": True}, True),
        ("bucket", {"forceDestroy": True}, False),
        ("encryption", {"rules": []}, False),
        ("versioning", {"bucket": "other"}, True),
        ("object lock", {"objectLockEnabled": "Enabled"}, True),
        ("object lock", {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 4}}}, False),
        ("object", {"key": "other"}, True),
        ("object", {"content": "other"}, False),
        ("model group", {"modelPackageGroupName": "other"}, True),
        ("model group", {"modelPackageGroupDescription": "other"}, True),
        ("pipeline", {"pipelineName": "other"}, True),
        ("pipeline", {"pipelineDefinition": "{}"}, False),
        ("rule", {"eventBusName": "other"}, True),
        ("rule", {"eventPattern": "{}"}, False),
        ("target", {"targetId": "other"}, True),
        ("target", {"roleArn": "other"}, False),
        ("logs", {"logGroupClass": "INFREQUENT_ACCESS"}, True),
        ("logs", {"retentionInDays": 7}, False),
        ("vpc", {"cidrBlock": "10.1.0.0/16"}, True),
        ("vpc", {"enableDnsHostnames": False}, False),
        ("subnet", {"cidrBlock": "10.0.9.0/24"}, True),
        ("subnet", {"availabilityZone": "eu-west-1c"}, True),
        ("subnet", {"mapPublicIpOnLaunch": True}, False),
        ("default group", {"vpcId": "other"}, True),
        ("group", {"description": "other"}, True),
        ("route table", {"vpcId": "other"}, True),
        ("association", {"subnetId": "other"}, True),
        ("association", {"routeTableId": "other"}, False),
        ("gateway", {"serviceName": "other"}, True),
        ("gateway", {"routeTableIds": []}, False),
        ("flow log", {"trafficType": "REJECT"}, True),
        ("flow log", {"tags": {}}, False),
        ("ingress", {"securityGroupId": "other"}, True),
        ("ingress", {"description": "other"}, False),
        ("vpc", {"region": "eu-central-1"}, True),
    ],
)
def test_a_change_replaces_where_the_provider_forces_a_new_resource(
    cloud: SimulatedCloud, made: Made, name: str, changed: dict[str, object], replaces: bool
) -> None:
    found = cloud.diff(made[name], **changed)
    assert bool(found.replaces) is replaces
    assert found.changed


def test_functions_answer_with_the_simulated_login(cloud: SimulatedCloud) -> None:
    caller = cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    assert (caller["accountId"], caller["arn"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/sandbox")
    assert cloud.invoke("aws:index/getRegion:getRegion")["region"] == REGION
    partition = cloud.invoke("aws:index/getPartition:getPartition")
    assert (partition["partition"], partition["reverseDnsPrefix"]) == ("aws", "com.amazonaws")


def test_everything_can_be_deleted_in_reverse(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        for resource in reversed(build(cloud).values()):
            cloud.delete(resource)
        assert cloud.inventory.all() == []


def test_deleting_a_log_group_leaves_the_one_whose_name_is_longer(tmp_path: Path) -> None:
    with simulated_cloud(tmp_path / "inventory.sqlite") as cloud:
        one = cloud.create("aws:cloudwatch/logGroup:LogGroup", {"name": "/vpc"})
        other = cloud.create("aws:cloudwatch/logGroup:LogGroup", {"name": "/vpc/flow"})
        cloud.delete(one)
        assert cloud.read(other) is not None
