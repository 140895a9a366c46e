"""What the workflows must agree on with the rest of the repository."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shared.checks import all_checks
from shared.components.github_role import trust
from shared.components.github_subject import ROLES, Role, github_environment
from shared.engine.releases import released
from shared.environment import load
from shared.environment.loading import REPOSITORY
from shared.environment.tiers import Tier

GITHUB = REPOSITORY / ".github"
ORDER = ("dev", "staging", "prod")
WRITERS = [role for role in ROLES if role != "preview"]


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def workflow(name: str) -> Any:
    return read(GITHUB / "workflows" / f"{name}.yml")


def jobs(name: str) -> dict[str, Any]:
    return workflow(name)["jobs"]


def commands(job: Any) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def kept_by(job: Any, step_name: str) -> list[Any]:
    """Return what a step of a job keeps, with which settings."""
    return [step["with"] for step in job["steps"] if step.get("name") == step_name]


@pytest.mark.parametrize("name", ["checks", "preview", "deploy", "drift"])
def test_a_workflow_grants_nothing_and_each_job_what_it_needs(name: str) -> None:
    assert workflow(name)["permissions"] == {}
    for job in jobs(name).values():
        logs_in = any(step.get("uses", "").endswith("/log-in") for step in job["steps"])
        assert job["permissions"] == {"contents": "read"} | ({"id-token": "write"} if logs_in else {})
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize("name", ["checks", "preview", "deploy"])
def test_the_gate_is_last_and_needs_every_other_job(name: str) -> None:
    *others, gate = jobs(name)
    assert gate == f"{name}-passed"
    assert jobs(name)[gate]["if"] == "always()"
    assert jobs(name)[gate]["needs"] == others


def test_the_checks_workflow_runs_what_ci_runs() -> None:
    run = (REPOSITORY / ".ci/run").read_text(encoding="utf-8")
    ran = [command for job in jobs("checks").values() for command in commands(job)]
    expected = ["./inv check", "./inv test --slow", "./inv test"]
    assert ran == re.findall(r"^(?:exec )?(\./inv .*)$", run, re.MULTILINE) == expected


def test_environments_are_deployed_one_after_another_identity_first_in_each() -> None:
    chain = [job for name in ORDER for job in (f"{name}-preview", f"{name}-identity", name)]
    deploy = jobs("deploy")
    assert [*deploy][:-1] == chain
    assert [deploy[job].get("needs") for job in chain] == [None, *chain[:-1]]


@pytest.mark.parametrize("name", ORDER)
def test_each_job_has_the_github_environment_that_its_login_trusts(name: str) -> None:
    environment, deploy = load(name), jobs("deploy")
    logins: list[tuple[Role, str]] = [
        ("preview", f"{name}-preview"),
        ("identity", f"{name}-identity"),
        ("deploy", name),
    ]
    for role, job in logins:
        assert deploy[job]["environment"] == github_environment(environment, role)
        assert deploy[job]["env"] == {"ENVIRONMENT": name, "LOGIN": role}
    preview = jobs("preview")["preview"]["environment"]
    assert preview.replace("${{ matrix.environment }}", name) == github_environment(environment, "preview")


@pytest.mark.parametrize("name", ORDER)
def test_merges_wait_for_each_other_in_one_environment_and_none_is_lost(name: str) -> None:
    for job in (name, f"{name}-identity", f"{name}-preview"):
        assert jobs("deploy")[job]["concurrency"] == {
            "group": f"deploy-{name}",
            "cancel-in-progress": False,
            "queue": "max",
        }


@pytest.mark.parametrize("role", WRITERS)
def test_the_workflow_that_aws_trusts_is_the_one_that_deploys(role: Any) -> None:
    statement = trust(load("prod"), role, "arn:aws:iam::000000000000:oidc-provider/x")
    trusted = re.findall(r"\.github/workflows/[\w.-]+", str(statement.conditions))
    assert [REPOSITORY / name for name in trusted] == [GITHUB / "workflows" / "deploy.yml"]
    # A job of a called workflow has that one's reference: it would not be trusted.
    assert not any("uses" in job for job in jobs("deploy").values())


def test_a_login_reaches_the_pull_requests_of_this_repository_only() -> None:
    preview, rehearsal = jobs("preview")["preview"]["if"], jobs("preview")["rehearsal"]["if"]
    same = "github.event.pull_request.head.repo.full_name == github.repository"
    assert preview.startswith(f"{same} && ")
    assert rehearsal.startswith(f"{same.replace('==', '!=')} || ")
    assert "pull_request_target" not in workflow("preview")["on"]
    assert not any("log-in" in step.get("uses", "") for step in jobs("preview")["rehearsal"]["steps"])


def test_the_engine_is_the_one_that_belongs_to_the_sdk() -> None:
    steps = read(GITHUB / "actions/setup/action.yml")["runs"]["steps"]
    (version,) = [step["with"]["pulumi-version"] for step in steps if "pulumi/actions@" in step.get("uses", "")]
    assert version == str(released())


def test_what_is_deployed_is_the_plan_set_that_was_saved_before_its_approval() -> None:
    deploy = jobs("deploy")
    for name in ORDER:
        saving = "\n".join(commands(deploy[f"{name}-preview"]))
        assert '--env "$ENVIRONMENT" --save "$RUNNER_TEMP/plan-set"' in saving
        (kept,) = kept_by(deploy[f"{name}-preview"], "Keep the plan set")
        for job in (f"{name}-identity", name):
            (fetched,) = [step["with"] for step in deploy[job]["steps"] if "download-artifact" in str(step)]
            assert fetched["name"] == kept["name"]
            applying = "\n".join(commands(deploy[job]))
            assert '--plan "$RUNNER_TEMP/approved/plan-set"' in applying


@pytest.mark.parametrize(("name", "count"), [("preview", 1), ("deploy", 9), ("drift", 1)])
def test_each_job_keeps_its_report_also_of_a_run_that_failed(name: str, count: int) -> None:
    steps = [step for job in jobs(name).values() for step in job["steps"] if step.get("name") == "Keep the report"]
    assert len(steps) == count
    assert {step["if"] for step in steps} == {"success() || failure()"}
    reporting = [
        run for job in jobs(name).values() for run in commands(job) if '--html "$RUNNER_TEMP/report.html"' in run
    ]
    assert len(reporting) == count
    (kept,) = {step["with"]["name"] for step in steps}
    one_for_each = {
        "preview": "report-${{ env.ENVIRONMENT }}",
        "drift": "drift-${{ env.ENVIRONMENT }}",
        "deploy": "report-${{ env.ENVIRONMENT }}-${{ env.LOGIN }}",
    }
    assert kept == one_for_each[name]
    where = [(job["env"]["ENVIRONMENT"], job["env"].get("LOGIN")) for job in jobs(name).values() if "env" in job]
    assert len(set(where)) == count


def test_drift_is_looked_at_at_night_with_the_login_that_may_only_read() -> None:
    assert set(workflow("drift")["on"]) == {"schedule", "workflow_dispatch"}
    (job,) = jobs("drift").values()
    assert job["environment"] == jobs("preview")["preview"]["environment"]
    assert './inv drift --env "$ENVIRONMENT"' in "\n".join(commands(job))


def test_every_environment_that_is_deployed_has_a_file() -> None:
    tiers: list[Tier] = ["development", "staging", "production"]
    assert [load(name).tier for name in ORDER] == tiers


def test_every_pin_is_in_the_decision_record_with_its_version() -> None:
    (record,) = (REPOSITORY / "docs/adr").glob("0007-*.md")
    text = "".join(path.read_text(encoding="utf-8") for path in GITHUB.rglob("*.yml"))
    pins = set(re.findall(r"uses: ([\w/-]+)@([0-9a-f]{40}) # (v[\d.]+)$", text, re.MULTILINE))
    assert len(pins) == len(set(re.findall(r"uses: ([\w-][\w/-]+)@", text)))
    for action, commit, version in pins:
        assert f"| `{action}` | {version} | `{commit}` |" in record.read_text(encoding="utf-8")


def test_pre_commit_has_a_hook_for_every_check_and_no_other() -> None:
    (local,) = read(REPOSITORY / ".pre-commit-config.yaml")["repos"]
    entries = {hook["id"]: hook["entry"] for hook in local["hooks"]}
    assert entries == {check.name: f"./inv check --only {check.name}" for check in all_checks()}
    for hook in local["hooks"]:
        re.compile(hook.get("files", ""))


def test_a_loss_is_confirmed_by_hand_and_never_by_a_push() -> None:
    deploy = workflow("deploy")
    assert set(deploy["on"]["workflow_dispatch"]["inputs"]) == {"confirm"}
    step = next(one for one in deploy["jobs"]["prod"]["steps"] if one.get("name") == "Deploy")
    assert step["env"]["CONFIRM"] == "${{ inputs.confirm }}"
    assert '--confirm "$CONFIRM"' in step["run"]
