"""Who may do what: each statement that keeps somebody out, or lets somebody in."""

import json
from typing import Any

import pytest

from stacks.sagemaker import layout
from stacks.sagemaker.images import NotAnEcrImageError, repository_arn
from tests.unit.sagemaker.given_identity import DEPLOY, PREVIEW, TENANT
from tests.unit.sample_environments import ACCOUNT
from tests.unit.stack_mocks import Run

WRITES = ("Put", "Delete", "Create", "Abort", "*")


def _bucket(run: Run) -> str:
    return f"arn:aws:s3:::{run.outputs['artifact_bucket']}"


def _allowed(run: Run, role: str) -> list[dict[str, Any]]:
    return [each for each in run.policy("RolePolicy", role).values() if each["Effect"] == "Allow"]


@pytest.mark.parametrize("role", ["job", "pipeline"])
def test_only_sagemaker_of_our_account_assumes_the_roles(prod_shaped: Run, role: str) -> None:
    trust = prod_shaped.policy("Role", role, "assumeRolePolicy")
    assert trust == {
        "SageMaker": {
            "Sid": "SageMaker",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:*"},
            },
        }
    }


@pytest.mark.parametrize("role", ["job", "pipeline", "azure-training"])
def test_everything_is_allowed_on_named_resources_only(prod_shaped: Run, role: str) -> None:
    no_resource_level = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
    for statement in _allowed(prod_shaped, role):
        assert not [action for action in statement["Action"] if action.endswith(":*") or action == "*"]
        if statement["Resource"] == ["*"]:
            others = set(statement["Action"]) - no_resource_level
            assert all(action.startswith("ec2:Describe") for action in others)


def test_jobs_write_only_what_they_make(prod_shaped: Run) -> None:
    policy = prod_shaped.policy("RolePolicy", "job")
    bucket = _bucket(prod_shaped)
    assert policy["Write"]["Resource"] == [f"{bucket}/{part}/*" for part in ("prepared", "models", "evaluation")]
    assert f"{bucket}/definitions/*" not in policy["Read"]["Resource"]
    assert not [
        action
        for statement in _allowed(prod_shaped, "job")
        for action in statement["Action"]
        if action.startswith("s3:Delete")
    ]


def test_jobs_make_interfaces_only_in_the_jobs_network(prod_shaped: Run, without_network: Run) -> None:
    create = prod_shaped.policy("RolePolicy", "job")["CreateInterfaces"]["Resource"]
    prefix = f"arn:aws:ec2:eu-west-1:{ACCOUNT}"
    assert create == [
        f"{prefix}:subnet/subnet-private-a",
        f"{prefix}:subnet/subnet-private-b",
        f"{prefix}:security-group/securitygroup-jobs",
        f"{prefix}:network-interface/*",
    ]
    assert not [
        action
        for statement in _allowed(without_network, "job")
        for action in statement["Action"]
        if action.startswith("ec2:")
    ]


def test_pipeline_passes_the_job_role_to_sagemaker_only(prod_shaped: Run) -> None:
    passing = prod_shaped.policy("RolePolicy", "pipeline")["PassJobRole"]
    assert passing["Resource"] == [prod_shaped.outputs["job_role_arn"]]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_pipeline_cannot_start_jobs_that_are_not_encrypted_and_isolated(prod_shaped: Run, without_network: Run) -> None:
    def denied(run: Run) -> list[Any]:
        policy = run.policy("RolePolicy", "pipeline").values()
        deny = [each for each in policy if each["Effect"] == "Deny"]
        jobs = ["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"]
        assert all(each["Action"] == jobs and each["Resource"] == ["*"] for each in deny)
        return [each["Condition"] for each in deny]

    always = [
        {"Null": {"sagemaker:VolumeKmsKey": "true"}},
        {"Null": {"sagemaker:OutputKmsKey": "true"}},
        {"Bool": {"sagemaker:NetworkIsolation": "false"}},
        {"Bool": {"sagemaker:InterContainerTrafficEncryption": "false"}},
    ]
    in_vpc = [{"Null": {"sagemaker:VpcSubnets": "true"}}, {"Null": {"sagemaker:VpcSecurityGroupIds": "true"}}]
    assert denied(without_network) == always
    assert sorted(map(json.dumps, denied(prod_shaped))) == sorted(map(json.dumps, [*always, *in_vpc]))


def test_azure_reads_models_and_nothing_else(prod_shaped: Run) -> None:
    policy = prod_shaped.policy("RolePolicy", "azure-training")
    actions = [action for statement in policy.values() for action in statement["Action"]]
    assert actions == ["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]
    assert policy["Read"]["Resource"] == [f"{_bucket(prod_shaped)}/{layout.MODELS}/*"]
    assert policy["List"]["Condition"] == {"StringLike": {"s3:prefix": "models/*"}}


def test_azure_comes_in_with_the_training_identitys_token_only(prod_shaped: Run) -> None:
    provider = prod_shaped.one("OpenIdConnectProvider")
    issuer = f"login.microsoftonline.com/{TENANT}/v2.0"
    assert provider.inputs["url"] == f"https://{issuer}"
    assert provider.inputs["clientIdLists"] == ["app-client"]
    trust = prod_shaped.policy("Role", "azure-training", "assumeRolePolicy")["AzureTraining"]
    assert trust["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert list(trust["Principal"]) == ["Federated"]
    assert trust["Condition"] == {"StringEquals": {f"{issuer}:aud": "app-client", f"{issuer}:sub": "compute-principal"}}


def test_key_is_administered_by_deployments_and_used_by_the_roles(prod_shaped: Run) -> None:
    key = prod_shaped.one("Key", "key")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == 365
    policy = prod_shaped.policy("Key", "key")
    roles = [prod_shaped.outputs["job_role_arn"], prod_shaped.outputs["pipeline_role_arn"]]
    assert policy["Account"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert policy["Administration"]["Principal"] == {"AWS": DEPLOY}
    assert not [action for action in policy["Administration"]["Action"] if "crypt" in action or "Grant" in action]
    assert policy["Upload"]["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    assert policy["Use"]["Principal"] == {"AWS": roles}
    assert policy["Volumes"]["Principal"] == {"AWS": roles[0]}
    assert policy["Volumes"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert "ArnLike" in policy["Logs"]["Condition"]
    assert "*" not in json.dumps([statement["Principal"] for statement in policy.values()])


def test_bucket_refuses_other_keys_and_who_comes_from_outside(prod_shaped: Run) -> None:
    policy = prod_shaped.policy("BucketPolicy", "artifacts")
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    key = prod_shaped.outputs["kms_key_arn"]
    assert policy["DenyUnencryptedPut"]["Condition"] == {"StringNotEquals": {header: key}}
    outside = policy["DenyOutsideVpce"]
    assert outside["Effect"] == "Deny"
    assert outside["Principal"] == "*"
    roles = [prod_shaped.outputs["pipeline_role_arn"], prod_shaped.outputs["cross_cloud_role_arn"], DEPLOY, PREVIEW]
    assert outside["Condition"] == {
        "StringNotEquals": {"aws:SourceVpce": "vpcendpoint-s3"},
        "ArnNotEquals": {"aws:PrincipalArn": roles},
        "Bool": {"aws:ViaAWSService": "false"},
    }


def test_bucket_has_no_rule_about_a_network_that_is_not_there(without_network: Run) -> None:
    assert set(without_network.policy("BucketPolicy", "artifacts")) == {
        "DenyInsecureTransport",
        "DenyOldTls",
        "DenyUnencryptedPut",
    }


def test_log_bucket_takes_the_logs_of_our_bucket_only(prod_shaped: Run) -> None:
    logging = prod_shaped.one("BucketLogging", "artifacts")
    logs = prod_shaped.one("Bucket", "access-logs").inputs["bucket"]
    assert logging.inputs["targetBucket"] == logs
    delivery = prod_shaped.policy("BucketPolicy", "access-logs")["LogDelivery"]
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Resource"] == [f"arn:aws:s3:::{logs}/*"]
    assert delivery["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": _bucket(prod_shaped)},
    }


def test_only_what_jobs_make_expires(without_network: Run, prod_shaped: Run) -> None:
    def expiring(run: Run) -> list[Any]:
        rules = run.one("BucketLifecycleConfiguration", "artifacts").inputs["rules"]
        return [(rule["filter"]["prefix"], rule["expiration"]["days"]) for rule in rules if "expiration" in rule]

    assert expiring(without_network) == [("prepared/", 30), ("models/", 30), ("evaluation/", 30)]
    assert expiring(prod_shaped) == []


def test_image_repository() -> None:
    image = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/team/xgboost"
    arn = "arn:aws:ecr:eu-west-1:141502667606:repository/team/xgboost"
    assert repository_arn(f"{image}:1.7-1") == arn
    assert repository_arn(f"{image}@sha256:{'0' * 64}") == arn


@pytest.mark.parametrize(
    "image", ["", "xgboost:1", "docker.io/library/python:3.11", "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"]
)
def test_image_that_is_not_in_ecr_is_refused(image: str) -> None:
    with pytest.raises(NotAnEcrImageError) as caught:
        repository_arn(image)
    assert caught.value.image == image
