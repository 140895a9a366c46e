"""Clouds that fail for a while, for good, or never answer: what is tried again, what is said, and what is kept."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox.faults_file import write_faults
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason, state_ids

pytestmark = pytest.mark.sandbox

PROGRAM = "stacks/upper/program.py"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"

MANY = '''"""Makes resources of all three clouds."""

import pulumi_aws as aws
import pulumi_azure_native as az
import pulumi_azuread as entra
from sample_contracts import LowerOutputs, UpperOutputs
from shared.environment import Environment


def program(env: Environment, lower: LowerOutputs) -> UpperOutputs:
    def identity(name: str) -> az.managedidentity.UserAssignedIdentity:
        return az.managedidentity.UserAssignedIdentity(
            name, resource_group_name=lower.group, resource_name_=f"id-{name}", location=env.azure.location
        )

    identities = [identity(name) for name in ("throttled", "busy", "retryable", "new-principal", "unavailable")]
    for name in ("group-new", "group-throttled"):
        entra.Group(name, display_name=name, security_enabled=True)
    for name in ("rate", "down"):
        aws.cloudwatch.LogGroup(name, name=name)
    return UpperOutputs(identity=identities[0].id)
'''
FOR_A_WHILE = [
    {"name": "throttled", "error": {"code": "TooManyRequests"}, "times": 2},
    {"name": "busy", "error": {"code": "AnotherOperationInProgress"}},
    {"name": "retryable", "error": {"code": "RetryableError"}},
    {"name": "new-principal", "error": {"code": "PrincipalNotFound"}},
    {"name": "unavailable", "error": {"code": "ServiceUnavailable"}},
    {"name": "group-new", "error": {"code": "Request_ResourceNotFound"}},
    {"name": "group-throttled", "error": {"code": "TooManyRequests"}},
    {"name": "rate", "error": {"code": "Throttling"}},
    {"name": "down", "error": {"code": "ServiceUnavailable"}},
]


@pytest.fixture
def platform(tmp_path: Path) -> PlatformCopy:
    return small_platform(tmp_path)


def run(platform: PlatformCopy, command: str, *flags: str) -> Answer:
    return platform.run(command, "--yes", "--json", *flags)


def retries(answer: Answer, stack: str) -> int:
    return next(one["retries"] for one in answer.document["stacks"] if one["name"] == stack)


def consistent(platform: PlatformCopy) -> bool:
    """Return whether state and clouds agree on Azure's resources."""
    return {one for one in inventory_ids(platform) if one.startswith("/subscriptions/")} == state_ids(platform)


def test_what_passes_by_itself_is_tried_again_in_every_cloud_and_nothing_is_made_twice(platform: PlatformCopy) -> None:
    (platform.root / PROGRAM).write_text(MANY, encoding="utf-8")
    write_faults(platform.state, *({"operation": "create", **rule} for rule in FOR_A_WHILE))
    answer = run(platform, "deploy")
    assert answer.code == 0, answer.stdout
    assert 1 <= retries(answer, "upper") <= 7
    assert retries(answer, "lower") == 0
    assert "tries again in" in answer.stderr
    assert "throttled (TooManyRequests)" in answer.stderr or "throttled (429)" in answer.stderr
    assert answer.changes("upper") == {"create": 13}
    assert consistent(platform)
    write_faults(
        platform.state,
        {"operation": "delete", "name": "busy", "error": {"code": "AnotherOperationInProgress"}},
        {"operation": "delete", "name": "group", "error": {"code": "TooManyRequests"}},
    )
    gone = run(platform, "destroy")
    assert gone.code == 0, gone.stdout
    assert (retries(gone, "upper"), retries(gone, "lower")) == (1, 1)
    assert gone.changes("upper") == {"delete": 13}
    assert inventory_ids(platform) == set()


MADE = '''"""Makes what has a name, and what its cloud gives an id."""

import pulumi_aws as aws
import pulumi_azure_native as az
from sample_contracts import LowerOutputs, UpperOutputs
from shared.environment import Environment
from shared.tags import tags


def program(env: Environment, lower: LowerOutputs) -> UpperOutputs:
    identity = az.managedidentity.UserAssignedIdentity(
        "identity", resource_group_name=lower.group, resource_name_="id-small", location=env.azure.location
    )
    network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", tags={**tags(env, "upper"), "Name": "small"})
    aws.ec2.Subnet("subnet", vpc_id=network.id, cidr_block="10.0.1.0/24", tags=tags(env, "upper"))
    return UpperOutputs(identity=identity.id)
'''


def test_what_was_made_although_its_cloud_said_no_is_found_before_it_is_tried_again(platform: PlatformCopy) -> None:
    (platform.root / PROGRAM).write_text(MADE, encoding="utf-8")
    write_faults(
        platform.state,
        {"operation": "create", "type": IDENTITY, "when": "after", "error": {"code": "TooManyRequests"}},
        {"operation": "create", "type": "aws:ec2/vpc:Vpc", "when": "after", "error": {"code": "Throttling"}},
    )
    answer = run(platform, "deploy")
    assert answer.code == 0, answer.stdout
    assert retries(answer, "upper") in {1, 2}, "both fail at once, or one after the other"
    assert answer.changes("upper") == {"create": 6}
    assert [one.rpartition("/")[2] for one in inventory_ids(platform) if "userAssigned" in one] == ["id-small"]
    assert len([one for one in inventory_ids(platform) if one.startswith("vpc-")]) == 1
    assert set(platform.run("preview", "--all", "--json").results.values()) == {"unchanged"}
    assert run(platform, "destroy").code == 0
    assert inventory_ids(platform) == set()


@pytest.mark.slow
def test_what_stays_wrong_fails_its_stack_with_code_4_the_clouds_words_and_the_line(platform: PlatformCopy) -> None:
    write_faults(
        platform.state,
        {"operation": "create", "type": IDENTITY, "error": {"code": "QuotaExceeded"}},
        {"operation": "create", "type": IDENTITY, "error": {"code": "ExpiredAuthenticationToken"}},
    )
    failed = run(platform, "deploy")
    assert failed.code == 4
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    said = reason(failed, "upper")
    assert said.startswith(f"{PROGRAM}:9: identity ({IDENTITY}): ")
    assert 'Code="QuotaExceeded"' in said
    assert retries(failed, "upper") == 0
    assert consistent(platform)
    expired = run(platform, "deploy")
    assert expired.code == 3
    assert "log in again, then go on with invoke resume" in reason(expired, "upper")
    assert run(platform, "deploy").results == {"lower": "unchanged", "upper": "succeeded"}
    write_faults(platform.state, {"operation": "delete", "type": IDENTITY, "error": {"code": "AuthorizationFailed"}})
    kept = run(platform, "destroy")
    assert kept.code == 4
    assert kept.results == {"lower": "skipped", "upper": "failed"}
    assert reason(kept, "upper").startswith(f"{PROGRAM}:9: identity ({IDENTITY}): ")
    assert run(platform, "destroy").code == 0


@pytest.mark.slow
def test_an_update_that_failed_halfway_goes_on_within_what_was_approved(platform: PlatformCopy) -> None:
    (platform.root / PROGRAM).write_text(MANY, encoding="utf-8")
    assert run(platform, "deploy").code == 0
    platform.change(PROGRAM, "location=env.azure.location\n", 'location=env.azure.location, tags={"a": "b"}\n')
    platform.change(PROGRAM, 'for name in ("rate", "down"):', 'for name in ("rate", "new"):')
    write_faults(
        platform.state,
        {"operation": "update", "name": "busy", "times": 2, "error": {"code": "AnotherOperationInProgress"}},
        {"operation": "create", "name": "new", "error": {"code": "Throttling"}},
    )
    answer = run(platform, "deploy", "--confirm", "down")
    assert answer.code == 0, answer.stdout
    assert retries(answer, "upper") >= 2
    assert answer.changes("upper") == {"create": 1, "update": 5, "delete": 1}
    assert platform.run("preview", "--all", "--json").results["upper"] == "unchanged"
    assert consistent(platform)


@pytest.mark.slow
def test_what_is_throttled_for_ever_is_given_up(platform: PlatformCopy) -> None:
    write_faults(
        platform.state,
        {"operation": "create", "type": IDENTITY, "times": "always", "error": {"code": "ServerBusy", "status": 503}},
    )
    failed = run(platform, "deploy")
    assert failed.code == 4
    assert retries(failed, "upper") == 7
    assert "(tried 8 times)" in reason(failed, "upper")
    assert consistent(platform)


@pytest.mark.slow
def test_a_provider_that_hangs_is_stopped_at_its_time_limit_and_named(platform: PlatformCopy) -> None:
    write_faults(platform.state, {"operation": "create", "type": IDENTITY, "hang": True})
    failed = run(platform, "deploy", "--time-limit", "5")
    assert failed.code == 9
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    assert reason(failed, "upper").startswith(f"identity ({IDENTITY}) has been made for ")
    write_faults(platform.state)
    assert run(platform, "deploy").results["upper"] == "succeeded"
    assert consistent(platform)


@pytest.mark.slow
def test_an_engine_that_is_killed_fails_its_stack_and_leaves_no_lock(platform: PlatformCopy) -> None:
    write_faults(platform.state, {"operation": "create", "type": IDENTITY, "kill": "engine"})
    failed = run(platform, "deploy")
    assert failed.code == 255
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    assert "the engine was killed by signal 9" in reason(failed, "upper")
    assert "UserWarning" not in failed.stderr
    again = run(platform, "deploy")
    assert again.results["upper"] == "succeeded", again.stdout
    assert consistent(platform)


@pytest.mark.slow
def test_a_worker_that_is_killed_fails_its_stack_and_the_next_run_goes_on(platform: PlatformCopy) -> None:
    write_faults(platform.state, {"operation": "create", "type": IDENTITY, "kill": "worker"})
    failed = run(platform, "deploy")
    assert failed.code == 255
    assert failed.results == {"lower": "succeeded", "upper": "failed"}
    assert "the worker process ended without a result" in reason(failed, "upper")
    again = run(platform, "deploy")
    # "unchanged" where its engine came to an end all the same, and made what it had begun
    assert again.results["upper"] in {"succeeded", "unchanged"}, again.stdout
    assert consistent(platform)


@pytest.mark.slow
def test_ctrl_c_ends_a_wait_at_once(platform: PlatformCopy) -> None:
    write_faults(
        platform.state,
        {"operation": "create", "type": IDENTITY, "times": "always", "error": {"code": "TooManyRequests"}},
    )
    platform.change(
        "shared/orchestration/retries.py", "SIMULATED = Patience(first=0.2", "SIMULATED = Patience(first=900.0"
    )
    platform.change("shared/orchestration/retries.py", "longest=1.0, total=30.0", "longest=900.0, total=900.0")
    command = [sys.executable, "-m", "invoke", "deploy", "--env", "sandbox", "--yes", "--state", str(platform.state)]
    with subprocess.Popen(
        command, cwd=platform.root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "tries again" in line:
                break
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert process.returncode == 8
    assert time.monotonic() - began < 60
