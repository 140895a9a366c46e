"""The stack as a whole: what it makes, in which order, and what it publishes."""

import dataclasses
import json
import re
from typing import Any

import pulumi
import pytest

from shared.contracts import SagemakerOutputs
from stacks.sagemaker.setting import Setting
from tests.unit.sagemaker.given_identity import BOUNDARY, sagemaker
from tests.unit.sample_environments import sandbox
from tests.unit.stack_mocks import Run


def test_publishes_every_output_as_text(prod_shaped: Run) -> None:
    fields = {field.name for field in dataclasses.fields(SagemakerOutputs)}
    assert set(prod_shaped.outputs) == fields
    assert all(isinstance(value, str) and value for value in prod_shaped.outputs.values())
    assert prod_shaped.outputs["sagemaker_pipeline_arn"].endswith(
        f"pipeline/{prod_shaped.outputs['sagemaker_pipeline_name']}"
    )


def test_every_resource_that_can_have_tags_has_them(prod_shaped: Run) -> None:
    untagged = {
        "Alias",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "BucketNotification",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
        "EncryptedBucket",
        "EventTarget",
        "RolePolicy",
        "RouteTableAssociation",
        "ScopedRole",
    }
    without = {each.type.rsplit(":")[-1] for each in prod_shaped.resources if "tags" not in each.inputs}
    assert without == untagged
    for each in prod_shaped.resources:
        assert each.inputs.get("tags", {"stack": "sagemaker"})["stack"] == "sagemaker"


def test_every_role_is_inside_the_boundary_and_has_no_managed_policy(prod_shaped: Run) -> None:
    roles = prod_shaped.all("Role").values()
    assert {role.name for role in roles} == {"job", "pipeline", "azure-training", "start", "flow-logs"}
    assert all(role.inputs["permissionsBoundary"] == BOUNDARY for role in roles)
    assert not [each for each in prod_shaped.resources if "Attachment" in each.type]
    assert "AmazonSageMakerFullAccess" not in json.dumps([each.inputs for each in prod_shaped.resources])


def test_pipeline_has_a_display_name_and_an_inline_definition(prod_shaped: Run) -> None:
    pipeline = prod_shaped.one("Pipeline")
    assert pipeline.inputs["pipelineDisplayName"] == pipeline.inputs["pipelineName"]
    assert "pipelineDefinitionS3Location" not in pipeline.inputs
    copy = prod_shaped.one("BucketObjectv2", "definition")
    assert copy.inputs["content"] == pipeline.inputs["pipelineDefinition"]
    assert json.loads(pipeline.inputs["pipelineDefinition"])["Version"] == "2020-12-01"


def test_definition_names_the_real_roles_key_network_and_code(prod_shaped: Run) -> None:
    pipeline = prod_shaped.one("Pipeline")
    steps = {step["Name"]: step["Arguments"] for step in json.loads(pipeline.inputs["pipelineDefinition"])["Steps"]}
    train = steps["Train"]
    assert train["RoleArn"] == prod_shaped.outputs["job_role_arn"]
    assert train["ResourceConfig"]["VolumeKmsKeyId"] == prod_shaped.outputs["kms_key_arn"]
    assert train["VpcConfig"] == {
        "Subnets": ["subnet-private-a", "subnet-private-b"],
        "SecurityGroupIds": ["securitygroup-jobs"],
    }
    (code,) = [each for each in train["InputDataConfig"] if each["ChannelName"] == "code"]
    uri = code["DataSource"]["S3DataSource"]["S3Uri"]
    scripts = [
        each.inputs["key"] for each in prod_shaped.all("BucketObjectv2").values() if each.inputs["key"].endswith(".py")
    ]
    bucket = prod_shaped.outputs["artifact_bucket"]
    assert {f"s3://{bucket}/{key}" for key in scripts} == {
        f"{uri}{name}" for name in ("preprocess.py", "train.py", "evaluate.py")
    }


def test_uploads_name_the_key_and_wait_for_the_whole_bucket(prod_shaped: Run) -> None:
    settings = {
        each.urn for each in prod_shaped.resources if each.name == "artifacts" and "EncryptedBucket" in each.urn
    }
    objects = prod_shaped.all("BucketObjectv2").values()
    assert len(objects) == 4
    for each in objects:
        assert each.inputs["kmsKeyId"] == prod_shaped.outputs["kms_key_arn"]
        assert each.inputs["serverSideEncryption"] == "aws:kms"
        policy = prod_shaped.one("BucketPolicy", "artifacts")
        assert policy.urn in settings
        assert policy.urn in each.depends_on


def test_pipeline_waits_for_what_its_executions_need(prod_shaped: Run) -> None:
    pipeline = prod_shaped.one("Pipeline")
    needed = [
        prod_shaped.one("RolePolicy", "job"),
        prod_shaped.one("RolePolicy", "pipeline"),
        *[each for each in prod_shaped.all("BucketObjectv2").values() if each.name != "definition"],
        *prod_shaped.all("VpcEndpoint").values(),
        *prod_shaped.all("ModelPackageGroup").values(),
        prod_shaped.one("LogGroup", "training-jobs"),
        prod_shaped.one("LogGroup", "processing-jobs"),
    ]
    assert {each.urn for each in needed} <= pipeline.depends_on


def test_roles_come_before_the_key_and_their_permissions_after_it(prod_shaped: Run) -> None:
    key = prod_shaped.one("Key")
    assert {prod_shaped.one("Role", "job").urn, prod_shaped.one("Role", "pipeline").urn} <= key.depends_on
    for name in ("job", "pipeline", "azure-training"):
        assert key.urn in prod_shaped.one("RolePolicy", name).depends_on


def test_protects_key_buckets_and_logs_where_the_environment_says_so(prod_shaped: Run, protected: Run) -> None:
    assert not [each for each in prod_shaped.resources if each.protect]
    guarded = {(each.type.rsplit(":")[-1], each.name) for each in protected.resources if each.protect}
    logs = {("LogGroup", name) for name in ("training-jobs", "processing-jobs", "flow")}
    assert guarded == {("Key", "key"), ("Bucket", "artifacts"), ("Bucket", "access-logs"), *logs}
    assert not any(each.inputs["forceDestroy"] for each in protected.all("Bucket").values())
    assert all(each.inputs["forceDestroy"] for each in prod_shaped.all("Bucket").values())


def test_names_follow_the_platform_and_the_cloud_accepts_them(prod_shaped: Run) -> None:
    names = sandbox()
    suffix = Setting(names).names.suffix
    for kind, key, pattern in (
        ("Pipeline", "pipelineName", r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}"),
        ("ModelPackageGroup", "modelPackageGroupName", r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
        ("Bucket", "bucket", r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
        ("Role", "name", r"[\w+=,.@-]{1,64}"),
        ("Alias", "name", r"alias/(?!aws/)[\w/-]{1,250}"),
        ("EventRule", "name", r"[.\w-]{1,64}"),
    ):
        for each in prod_shaped.all(kind).values():
            assert re.fullmatch(pattern, each.inputs[key])
            assert each.inputs[key].endswith(suffix)


def test_without_a_network_jobs_stay_isolated_and_there_is_no_vpc(without_network: Run) -> None:
    assert not [each for each in without_network.resources if ":ec2/" in each.type or ":vpc/" in each.type]
    pipeline = without_network.one("Pipeline")
    definition: dict[str, Any] = json.loads(pipeline.inputs["pipelineDefinition"])
    train = next(step["Arguments"] for step in definition["Steps"] if step["Name"] == "Train")
    assert "VpcConfig" not in train
    assert train["EnableNetworkIsolation"] is True


def test_values_of_the_environment_reach_the_pipeline() -> None:
    run = sagemaker(
        sagemaker__minimum_auc=0.91, sagemaker__instance_type="ml.c5.xlarge", sagemaker__key_deletion_days=9
    )
    pipeline = run.one("Pipeline")
    defaults = {
        each["Name"]: each["DefaultValue"] for each in json.loads(pipeline.inputs["pipelineDefinition"])["Parameters"]
    }
    assert defaults["MinAuc"] == 0.91
    assert defaults["InstanceType"] == "ml.c5.xlarge"
    assert run.one("Key", "key").inputs["deletionWindowInDays"] == 9


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(pulumi.RunError, match=r"environments/sandbox.yaml: aws.account_id is null"):
        _ = Setting(sandbox(aws__account_id=None)).account
