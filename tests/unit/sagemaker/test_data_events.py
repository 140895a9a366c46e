"""The pipeline starts once for each complete batch of raw data, and for nothing that its own jobs write."""

import fnmatch
import json
from typing import Any

import pytest

from stacks.sagemaker import layout
from stacks.sagemaker.training_code import code_prefix
from tests.unit.sagemaker.given_identity import BOUNDARY, sagemaker
from tests.unit.sample_environments import ACCOUNT
from tests.unit.stack_mocks import Run


def _starts(run: Run, key: str, **changed: Any) -> bool:
    event: dict[str, Any] = {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "account": ACCOUNT,
        "detail": {"bucket": {"name": run.outputs["artifact_bucket"]}, "object": {"key": key, "size": 0}},
        **changed,
    }
    return _matches(json.loads(run.one("EventRule").inputs["eventPattern"]), event)


def _matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """Match as "Amazon EventBridge event patterns" says, for the two kinds of test that the rule has."""
    for key, wanted in pattern.items():
        if key not in event:
            return False
        if isinstance(wanted, dict):
            if not _matches(wanted, event[key]):
                return False
        elif not any(_equal(one, event[key]) for one in wanted):
            return False
    return True


def _equal(test: Any, value: str) -> bool:
    if isinstance(test, str):
        return test == value
    assert set(test) == {"wildcard"}
    return fnmatch.fnmatchcase(value, test["wildcard"])


@pytest.mark.parametrize("key", ["data/raw/_SUCCESS", "data/raw/2026-11-21/_SUCCESS", "data/raw/a/b/_SUCCESS"])
def test_a_complete_batch_starts_the_pipeline(prod_shaped: Run, key: str) -> None:
    assert _starts(prod_shaped, key)


@pytest.mark.parametrize(
    "key", ["data/raw/part-0.csv", "data/raw/2026/part-1.csv", "data/_SUCCESS", "data/raw/my_SUCCESS", "_SUCCESS"]
)
def test_a_part_of_a_batch_does_not(prod_shaped: Run, key: str) -> None:
    assert not _starts(prod_shaped, key)


@pytest.mark.parametrize("folder", [*layout.MADE_BY_JOBS, layout.DEFINITIONS, code_prefix().rstrip("/")])
@pytest.mark.parametrize("name", ["_SUCCESS", "raw/_SUCCESS", "data/raw/_SUCCESS", "x/_SUCCESS"])
def test_what_jobs_and_deployments_write_starts_nothing(prod_shaped: Run, folder: str, name: str) -> None:
    assert not _starts(prod_shaped, f"{folder}/{name}")


def test_jobs_cannot_write_where_an_object_would_start_the_pipeline(prod_shaped: Run) -> None:
    writable = prod_shaped.policy("RolePolicy", "job")["Write"]["Resource"]
    assert not [arn for arn in writable if f":::{prod_shaped.outputs['artifact_bucket']}/{layout.DATA}" in arn]


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "999999999999"},
        {"source": "custom"},
        {"detail-type": "Object Deleted"},
        {"detail": {"bucket": {"name": "another"}, "object": {"key": "data/raw/_SUCCESS"}}},
    ],
)
def test_other_events_start_nothing(prod_shaped: Run, changed: dict[str, Any]) -> None:
    assert _starts(prod_shaped, "data/raw/_SUCCESS")
    assert not _starts(prod_shaped, "data/raw/_SUCCESS", **changed)


def test_the_target_is_our_pipeline_as_a_role_that_may_only_start_it(prod_shaped: Run) -> None:
    target = prod_shaped.one("EventTarget").inputs
    assert target["rule"] == prod_shaped.one("EventRule").inputs["name"]
    assert target["arn"] == prod_shaped.outputs["sagemaker_pipeline_arn"]
    assert target["roleArn"].endswith(f"role/{prod_shaped.one('Role', 'start').inputs['name']}")
    assert prod_shaped.one("Role", "start").inputs["permissionsBoundary"] == BOUNDARY
    assert prod_shaped.one("RolePolicy", "start").urn in prod_shaped.one("EventTarget").depends_on


def test_the_target_gives_a_parameter_that_the_definition_has(prod_shaped: Run) -> None:
    (given,) = prod_shaped.one("EventTarget").inputs["sagemakerPipelineTarget"]["pipelineParameterLists"]
    definition = json.loads(prod_shaped.one("Pipeline").inputs["pipelineDefinition"])
    defaults = {one["Name"]: one["DefaultValue"] for one in definition["Parameters"]}
    assert defaults[given["name"]] == given["value"]
    assert given["value"].endswith("/data/raw/")


def test_an_execution_that_cannot_start_is_given_up_in_time(prod_shaped: Run) -> None:
    retry = prod_shaped.one("EventTarget").inputs["retryPolicy"]
    assert retry == {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 5}


def test_the_bucket_tells_eventbridge(prod_shaped: Run) -> None:
    assert prod_shaped.one("BucketNotification", "artifacts").inputs["eventbridge"] is True


def test_nothing_starts_it_where_the_environment_says_so() -> None:
    run = sagemaker(sagemaker__start_on_new_data=False)
    assert not run.all("EventRule")
    assert not run.all("EventTarget")
    assert "start" not in run.all("Role")
