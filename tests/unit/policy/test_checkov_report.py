"""Checkov's JSON becomes verdicts, and an answer that is none is an error."""

import json
from typing import Any

import pytest

from shared.policy.arm_template import arm_template
from shared.policy.checkov_report import verdicts_of
from shared.policy.errors import CheckovFailedError
from tests.unit.policy.made_resources import account

RESOURCE = account()
RENDERED = arm_template([RESOURCE])
NAME = "Microsoft.Storage/storageAccounts.stmlpprod1a2b"


def record(check: str, name: str = NAME, **more: Any) -> dict[str, Any]:
    return {"check_id": check, "check_name": f" About {check} ", "resource": name, **more}


CANARY = record(RENDERED.canary.check, RENDERED.canary.name)


def report(
    *failed: dict[str, Any], passed: tuple[dict[str, Any], ...] = (), errors: tuple[str, ...] = (), kind: str = "arm"
) -> dict[str, Any]:
    results = {"passed_checks": [*passed], "failed_checks": [*failed], "parsing_errors": [*errors]}
    return {"check_type": kind, "results": results}


def verdicts(document: Any) -> list[tuple[str, str, str]]:
    text = document if isinstance(document, str) else json.dumps(document)
    return [(one.check, one.result, one.fix) for one in verdicts_of(text, [RENDERED], [RESOURCE])]


def test_passed_and_failed_checks_are_verdicts_on_the_resource_and_the_canary_is_none() -> None:
    failed = record("CKV_1", check_result={"evaluated_keys": ["properties/a", "", "properties/a"]}, guideline="page")
    found = verdicts(report(CANARY, failed, passed=(record("CKV_2"),)))
    assert found == [("CKV_2", "passed", ""), ("CKV_1", "failed", "see properties/a; page")]


def test_one_framework_alone_is_answered_without_a_list() -> None:
    assert verdicts([report(CANARY), report(kind="terraform_plan")]) == verdicts(report(CANARY)) == []


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("nothing", "not JSON"),
        ({"passed": 0, "failed": 0, "parsing_errors": 0}, "says nothing about the arm"),
        ([], "says nothing about the arm"),
        (report(CANARY, kind="terraform_plan"), "says nothing about the arm"),
        (report(CANARY, errors=("arm.json",)), "could not read the arm"),
        (report(record("CKV_1")), "did not apply CKV_AZURE_44"),
        (report(passed=(CANARY,)), "did not apply CKV_AZURE_44"),
        (report(CANARY, record("CKV_1", "Microsoft.Storage/storageAccounts.unknown")), "was not rendered"),
    ],
)
def test_an_answer_that_leaves_something_open_is_an_error(document: Any, problem: str) -> None:
    with pytest.raises(CheckovFailedError, match=problem):
        verdicts(document)
