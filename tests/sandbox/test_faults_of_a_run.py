"""Faults that meet a whole run: what the engine makes of them, and that the clouds outlive it."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.sandbox.inventory import Inventory
from tests.sandbox.faults_file import write_faults
from tests.sandbox.patience import until
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform

pytestmark = pytest.mark.sandbox

GROUP = "azure-native:resources:ResourceGroup"
SIGKILL = -9


@pytest.fixture
def platform(tmp_path: Path) -> PlatformCopy:
    return small_platform(tmp_path)


def deploy(platform: PlatformCopy) -> Answer:
    """Deploy. Comes back when every process that writes where the command writes has ended: engines, workers."""
    return platform.run("deploy", "--yes", "--json", "--stacks", "lower")


def live(platform: PlatformCopy) -> set[str]:
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        return {record.token for record in inventory.all()}
    finally:
        inventory.close()


def checkpoint(platform: PlatformCopy) -> dict[str, Any]:
    file = platform.state / "state" / ".pulumi" / "stacks" / "lower" / "sandbox.json"
    return json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]


def in_state(platform: PlatformCopy) -> set[str]:
    return {one["type"] for one in checkpoint(platform)["resources"] if one["type"].startswith("azure-native:")}


def pending(platform: PlatformCopy) -> list[tuple[str, str]]:
    found = checkpoint(platform).get("pending_operations") or []
    return [(one["type"], one["resource"]["type"]) for one in found]


@pytest.mark.slow
def test_an_error_reaches_the_report_in_the_providers_words(platform: PlatformCopy) -> None:
    refused = {"code": "RequestDisallowedByPolicy"}
    write_faults(platform.state, {"operation": "create", "type": GROUP, "times": "always", "error": refused})
    failed = deploy(platform)
    assert failed.results == {"lower": "failed"}
    reason = failed.document["stacks"][0]["reason"]
    assert 'Status=403 Code="RequestDisallowedByPolicy" Message="Resource was disallowed by policy."' in reason
    assert live(platform) == set()


def test_who_is_killed_in_the_wait_leaves_the_resource_and_a_pending_operation(platform: PlatformCopy) -> None:
    write_faults(
        platform.state,
        {"operation": "create", "type": GROUP, "when": "after", "kill": "group"},
        latency={"scale": 1, "seconds": {GROUP: {"create": 1}}},
    )
    assert deploy(platform).code == SIGKILL
    assert live(platform) == {GROUP}
    assert in_state(platform) == set()
    assert pending(platform) == [("creating", GROUP)]


def test_an_engine_whose_orchestrator_is_dead_is_served_to_the_end(platform: PlatformCopy) -> None:
    write_faults(
        platform.state,
        {"operation": "create", "type": GROUP, "when": "after", "kill": "orchestrator"},
        latency={"scale": 1, "seconds": {GROUP: {"create": 2}}},
    )
    assert deploy(platform).code == SIGKILL
    until(lambda: in_state(platform) == {GROUP})
    assert live(platform) == {GROUP}
    assert pending(platform) == []


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["engine", "worker"])
def test_a_run_ends_by_itself_where_an_engine_or_a_worker_is_killed(platform: PlatformCopy, victim: str) -> None:
    write_faults(platform.state, {"operation": "create", "type": GROUP, "when": "after", "kill": victim})
    failed = deploy(platform)
    assert failed.code not in {0, SIGKILL}
    assert failed.results == {"lower": "failed"}
    assert live(platform) == {GROUP}
