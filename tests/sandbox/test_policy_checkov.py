"""Real Checkov evaluates what we render: each planted fault fails its rule, and what is right passes it.

A name that is translated wrong makes a rule find nothing and say nothing, or fail on everything: both show here.
"""

import sys
from pathlib import Path

import pytest

from shared.commands.ready import say
from shared.engine.this_machine import ThisMachine
from shared.environment.loading import REPOSITORY
from shared.policy.arm_template import arm_template
from shared.policy.checkov_environment import checkov_python
from shared.policy.checkov_report import verdicts_of
from shared.policy.checkov_run import run_checkov
from shared.policy.errors import CheckovFailedError
from shared.policy.resource import Resource
from shared.policy.terraform_plan import terraform_plan
from tests.sandbox.policy_estate import PLANTED, Planted, estate
from tests.unit.policy.made_resources import made

Results = dict[tuple[str, str], set[str]]


def results_of(python: Path, resources: list[Resource]) -> Results:
    """Return what each check says of each logical name: "passed", "failed" or, in two frameworks, both."""
    rendered = (arm_template(resources), terraform_plan(resources))
    found: Results = {}
    for verdict in verdicts_of(run_checkov(python, rendered), rendered, resources):
        found.setdefault((verdict.check, verdict.resource.name), set()).add(verdict.result)
    return found


@pytest.fixture(scope="module")
def python() -> Path:
    return checkov_python(ThisMachine(), say, REPOSITORY / "requirements" / "checkov.txt")


@pytest.fixture(scope="module")
def results(python: Path) -> Results:
    return results_of(python, estate())


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_fault_fails_its_rule_and_what_is_right_passes_it(planted: Planted, results: Results) -> None:
    for check in planted.checks:
        assert results.get((check, planted.name)) == {"failed"}, check
        assert results.get((check, planted.kind)) == {"passed"}, check


def test_nothing_to_judge_is_judged(python: Path) -> None:
    assert results_of(python, []) == {}


def test_what_only_looks_like_an_expression_is_judged_as_text(python: Path) -> None:
    inputs = {"vaultName": "kv", "secretName": "odd", "properties": {"contentType": "[concat('a')]"}}
    found = results_of(python, [made("azure-native:keyvault:Secret", "odd", inputs=inputs)])
    assert found["CKV_AZURE_114", "odd"] == {"passed"}
    assert found["CKV_AZURE_41", "odd"] == {"failed"}


def test_a_python_without_checkov_is_one_sentence() -> None:
    with pytest.raises(CheckovFailedError, match="checkov"):
        run_checkov(Path(sys.executable), (arm_template([]), terraform_plan([])))
