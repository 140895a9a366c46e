"""Resources as a Terraform plan."""

from typing import Any

from shared.policy.arm_types import arm_type_of
from shared.policy.bridged_types import BRIDGED_TYPES
from shared.policy.resource import Resource
from shared.policy.terraform_plan import terraform_plan
from shared.sandbox.catalog import CATALOGS
from tests.unit.policy.made_resources import account, made

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def planned(*resources: Resource) -> dict[str, dict[str, Any]]:
    """Return the values by address, without the canary."""
    document = terraform_plan(resources).document
    rows = document["planned_values"]["root_module"]["resources"]
    return {row["address"]: row["values"] for row in rows[1:]}


def references(*resources: Resource) -> dict[str, dict[str, Any]]:
    rows = terraform_plan(resources).document["configuration"]["root_module"]["resources"]
    return {row["address"]: {key: one["references"] for key, one in row["expressions"].items()} for row in rows[1:]}


def test_every_type_that_the_sandbox_knows_is_rendered() -> None:
    tokens = {token for catalog in CATALOGS for token in catalog.resources}
    assert {token for token in tokens if token not in BRIDGED_TYPES and arm_type_of(token) is None} == set()


def test_a_bucket_and_its_versioning_are_joined_by_the_buckets_name() -> None:
    bucket = made(BUCKET, "artifacts", id_="s3-artifacts", inputs={"bucket": "s3-artifacts"})
    versioning = made(
        VERSIONING,
        "artifacts",
        id_="s3-artifacts",
        inputs={"bucket": "s3-artifacts", "versioningConfiguration": {"status": "Enabled"}},
        dependencies=(bucket.urn,),
    )
    # Whatever their order: the id of both is the bucket's name, and it means the bucket.
    for order in ((bucket, versioning), (versioning, bucket)):
        found = references(*order)
        assert found["aws_s3_bucket_versioning.sample_artifacts"] == {
            "bucket": ["aws_s3_bucket.sample_artifacts.id", "aws_s3_bucket.sample_artifacts"]
        }
        assert found["aws_s3_bucket.sample_artifacts"] == {}


def test_a_reference_is_found_by_arn_and_deep_inside_and_whatever_its_case() -> None:
    key = made("aws:kms/key:Key", "key", id_="1234", outputs={"arn": "arn:aws:kms:eu:0:key/1234"}, stack="other")
    rules = [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "ARN:aws:kms:eu:0:key/1234"}}]
    rendered = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    found = references(key, made(rendered, "data", inputs={"rules": rules}))
    assert found["aws_s3_bucket_server_side_encryption_configuration.sample_data"] == {
        "rule": ["aws_kms_key.other_key.id", "aws_kms_key.other_key"]
    }


def test_resources_of_one_name_have_addresses_of_their_own() -> None:
    first, second = (made(BUCKET, "data", id_=str(number), urn=f"urn-{number}") for number in (1, 2))
    assert list(planned(first, second)) == ["aws_s3_bucket.sample_data", "aws_s3_bucket.sample_data_2"]
    owners = terraform_plan([first, second]).owners
    assert owners == {"aws_s3_bucket.sample_data": "urn-1", "aws_s3_bucket.sample_data_2": "urn-2"}


def test_an_address_has_only_letters_that_terraform_allows() -> None:
    assert list(planned(made(BUCKET, "a/b c"))) == ["aws_s3_bucket.sample_a_b_c"]


def test_immutable_subjects_are_in_the_form_that_checkov_knows() -> None:
    inputs = {"subject": "repo:example@1/infra@2:environment:prod", "issuer": "x"}
    token = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
    (values,) = planned(made(token, inputs=inputs)).values()
    assert values["subject"] == "repo:example/infra:environment:prod"


def test_a_subject_with_a_wildcard_keeps_it() -> None:
    inputs = {"subject": "repo:example@1/infra@2:*"}
    token = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
    (values,) = planned(made(token, inputs=inputs)).values()
    assert values["subject"] == "repo:example/infra:*"


def test_a_storage_account_is_joined_with_its_blob_service_and_its_private_endpoint() -> None:
    service = made(
        "azure-native:storage:BlobServiceProperties",
        inputs={"accountName": "stmlpprod1a2b", "deleteRetentionPolicy": {"enabled": True, "days": 30}},
    )
    connection = {"name": "blob", "privateLinkServiceId": account().id.upper(), "groupIds": ["blob"]}
    endpoint = made(
        "azure-native:network:PrivateEndpoint", "blob", inputs={"privateLinkServiceConnections": [connection]}
    )
    resources = (account(), service, endpoint)
    (properties,) = planned(*resources)["azurerm_storage_account.sample_data"]["blob_properties"]
    assert properties == {"delete_retention_policy": [{"days": 30}]}
    assert references(*resources)["azurerm_private_endpoint.sample_blob"] == {
        "private_service_connection": [
            "azurerm_storage_account.sample_data.id",
            "azurerm_storage_account.sample_data",
        ]
    }


def test_what_a_program_does_not_say_is_not_said() -> None:
    values = planned(account(publicNetworkAccess=None, encryption=None))["azurerm_storage_account.sample_data"]
    assert "public_network_access_enabled" not in values
    assert "customer_managed_key" not in values
