"""Logs of jobs and of the network: encrypted with our key, kept as long as the environment says, gone with it."""

import pytest

from stacks.sagemaker.log_groups import retention
from tests.unit.sagemaker.given_identity import BOUNDARY, sagemaker
from tests.unit.stack_mocks import Run

JOBS = {"/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"}


def _names(run: Run) -> set[str]:
    return {each.inputs["name"] for each in run.all("LogGroup").values()}


def test_every_group_is_encrypted_and_ends(prod_shaped: Run) -> None:
    groups = prod_shaped.all("LogGroup").values()
    assert len(groups) == 3
    for each in groups:
        assert each.inputs["kmsKeyId"] == prod_shaped.outputs["kms_key_arn"]
        assert each.inputs["retentionInDays"] == 365


@pytest.mark.parametrize(
    "changed", [{}, {"aws__create_log_groups": False}, {"logs__flow_logs": False}, {"sagemaker__network": None}]
)
def test_the_key_lets_cloudwatch_encrypt_the_groups_that_are_made_and_no_others(changed: dict[str, object]) -> None:
    run = sagemaker(**changed)
    (arns,) = run.policy("Key", "key")["Logs"]["Condition"]["ArnLike"].values()
    assert {arn.partition(":log-group:")[2] for arn in arns} == _names(run)


def test_the_key_names_no_log_group_where_there_is_none() -> None:
    run = sagemaker(aws__create_log_groups=False, logs__flow_logs=False)
    assert not run.all("LogGroup")
    assert "Logs" not in run.policy("Key", "key")


def test_groups_go_with_the_stack_because_their_key_does(prod_shaped: Run) -> None:
    for each in prod_shaped.all("LogGroup").values():
        assert not each.retain_on_delete
        assert "skipDestroy" not in each.inputs


def test_the_groups_of_jobs_are_made_once_in_an_account() -> None:
    assert _names(sagemaker()) > JOBS
    assert not _names(sagemaker(aws__create_log_groups=False)) & JOBS


def test_traffic_is_logged_where_there_is_a_network_and_the_environment_says_so(prod_shaped: Run) -> None:
    log = prod_shaped.one("FlowLog")
    assert log.inputs["vpcId"] == "vpc-jobs"
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["logDestination"].endswith("loggroup-flow")
    assert log.inputs["iamRoleArn"].endswith(prod_shaped.one("Role", "flow-logs").inputs["name"])
    assert prod_shaped.one("Role", "flow-logs").inputs["permissionsBoundary"] == BOUNDARY
    assert prod_shaped.one("RolePolicy", "flow-logs").urn in log.depends_on


@pytest.mark.parametrize("changed", [{"logs__flow_logs": False}, {"sagemaker__network": None}])
def test_traffic_is_not_logged_otherwise(changed: dict[str, object]) -> None:
    run = sagemaker(**changed)
    assert not run.all("FlowLog")
    assert "flow-logs" not in run.all("Role")
    assert _names(run) == JOBS


@pytest.mark.parametrize(("days", "offered"), [(30, 30), (31, 60), (90, 90), (200, 365), (366, 400), (730, 731)])
def test_retention_is_one_that_cloudwatch_offers_and_never_shorter(days: int, offered: int) -> None:
    assert retention(days) == offered
