"""One test for each trap that a platform on SageMaker can step into: each fails when it is stepped in."""

import dataclasses
import json
from typing import Any

import pytest

from stacks.sagemaker.pipeline.errors import DefinitionError
from stacks.sagemaker.pipeline.training import training_pipeline
from stacks.sagemaker.pipeline.validation import validated
from tests.unit.sagemaker.definitions import SETTINGS, step, with_change
from tests.unit.sagemaker.given_identity import DEPLOY, PREVIEW, sagemaker
from tests.unit.stack_mocks import Run


def test_bucket_policy_exempts_who_comes_from_outside_the_vpc_and_not_the_jobs(prod_shaped: Run) -> None:
    """SageMaker reads evaluations for the pipeline from outside; without deploy and preview, CI locks itself out."""
    exempt = prod_shaped.policy("BucketPolicy", "artifacts")["DenyOutsideVpce"]["Condition"]["ArnNotEquals"]
    assert exempt == {
        "aws:PrincipalArn": [
            prod_shaped.outputs["pipeline_role_arn"],
            prod_shaped.outputs["cross_cloud_role_arn"],
            DEPLOY,
            PREVIEW,
        ]
    }
    assert prod_shaped.outputs["job_role_arn"] not in exempt["aws:PrincipalArn"]


def test_role_then_key_then_permissions(prod_shaped: Run) -> None:
    """KMS refuses a policy that names a role which is not there, and the role's policy names the key."""
    key = prod_shaped.one("Key")
    for name in ("job", "pipeline"):
        role, policy = prod_shaped.one("Role", name), prod_shaped.one("RolePolicy", name)
        assert role.urn in key.depends_on
        assert key.urn in policy.depends_on
        assert key.urn not in role.depends_on
        assert "inlinePolicies" not in role.inputs


def test_the_role_of_the_flow_log_needs_no_key_and_the_key_names_its_group_before_it_exists(prod_shaped: Run) -> None:
    key = prod_shaped.one("Key")
    assert key.urn in prod_shaped.one("LogGroup", "flow").depends_on
    assert not {each.urn for each in prod_shaped.all("LogGroup").values()} & key.depends_on


def test_the_pipeline_has_a_display_name(prod_shaped: Run) -> None:
    """The provider's schema demands what the service does not."""
    assert prod_shaped.one("Pipeline").inputs["pipelineDisplayName"]


def test_the_definition_is_inline_and_its_copy_is_only_a_copy(prod_shaped: Run) -> None:
    """The provider cannot update a pipeline whose definition is in S3."""
    pipeline = prod_shaped.one("Pipeline")
    assert "pipelineDefinitionS3Location" not in pipeline.inputs
    assert prod_shaped.one("BucketObjectv2", "definition").urn not in pipeline.depends_on


def test_the_target_of_the_event_has_a_parameter(prod_shaped: Run) -> None:
    """The provider crashes on an empty block."""
    assert prod_shaped.one("EventTarget").inputs["sagemakerPipelineTarget"]["pipelineParameterLists"]


def test_a_security_group_of_a_new_vpc_does_not_wait_for_the_old_one_to_go(prod_shaped: Run) -> None:
    """The provider deletes a group of the same name first, while the endpoints of the old VPC still use it."""
    assert not [each for each in prod_shaped.all("SecurityGroup").values() if each.delete_before_replace]
    assert all(each.inputs["revokeRulesOnDelete"] for each in prod_shaped.all("SecurityGroup").values())


def test_the_log_bucket_takes_no_key_of_ours_and_no_lock() -> None:
    """The log service delivers to neither."""
    run = sagemaker(sagemaker__object_lock_days=7)
    (rule,) = run.one("BucketServerSideEncryptionConfiguration", "access-logs").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert "objectLockEnabled" not in run.one("Bucket", "access-logs").inputs
    assert set(run.all("BucketObjectLockConfiguration")) == {"artifacts"}


def test_nothing_that_is_locked_is_deleted_with_the_stack() -> None:
    """A locked version cannot be deleted, so nobody could empty the bucket, and without its key it is unreadable."""
    run = sagemaker(sagemaker__object_lock_days=7)
    kept = {(each.type.rpartition(":")[2], each.name) for each in run.resources if each.retain_on_delete}
    settings = (
        *("Bucket", "BucketLifecycleConfiguration", "BucketLogging", "BucketNotification"),
        *("BucketObjectLockConfiguration", "BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock"),
        *("BucketServerSideEncryptionConfiguration", "BucketVersioning"),
    )
    objects = ("definition", "evaluate", "preprocess", "train")
    assert kept == {
        ("Key", "key"),
        *((kind, "artifacts") for kind in settings),
        *(("BucketObjectv2", name) for name in objects),
    }
    assert run.one("Bucket", "artifacts").inputs["forceDestroy"] is False
    assert run.one("Bucket", "access-logs").inputs["forceDestroy"] is True


def test_nothing_stays_behind_where_there_is_no_lock(prod_shaped: Run) -> None:
    assert not [each for each in prod_shaped.resources if each.retain_on_delete]


def test_jobs_pull_from_the_one_repository_of_ecr(prod_shaped: Run) -> None:
    """Jobs without internet pull from ECR; the role may pull that repository and no other."""
    (repository,) = prod_shaped.policy("RolePolicy", "job")["Image"]["Resource"]
    definition: str = prod_shaped.one("Pipeline").inputs["pipelineDefinition"]
    for found in json.loads(definition)["Steps"][:3]:
        arguments = found["Arguments"]
        image = (
            arguments.get("AppSpecification", {}).get("ImageUri")
            or arguments["AlgorithmSpecification"]["TrainingImage"]
        )
        account, _, rest = image.partition(".dkr.ecr.eu-west-1.amazonaws.com/")
        assert repository == f"arn:aws:ecr:eu-west-1:{account}:repository/{rest.partition(':')[0]}"


def test_steps_are_not_cached() -> None:
    """A cache compares arguments, and new data arrives under the same arguments."""
    assert "CacheConfig" not in training_pipeline(SETTINGS).text()


@pytest.mark.parametrize("name", ["Preprocess", "Train", "Evaluate"])
def test_a_job_outside_the_vpc_is_refused_before_aws_sees_it(name: str) -> None:
    def outside(data: dict[str, Any]) -> None:
        arguments = step(data, name)["Arguments"]
        del arguments.get("NetworkConfig", arguments)["VpcConfig"]

    with pytest.raises(DefinitionError, match="has no VpcConfig"):
        validated(with_change(outside), vpc=True)


def test_two_executions_do_not_write_to_one_folder() -> None:
    text = training_pipeline(dataclasses.replace(SETTINGS, vpc=None)).text()
    for found in json.loads(text)["Steps"]:
        for target in found["Arguments"].get("ProcessingOutputConfig", {}).get("Outputs", []):
            assert "Execution.PipelineExecutionId" in json.dumps(target["S3Output"]["S3Uri"])
