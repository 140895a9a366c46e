"""Runs that are killed, and `invoke resume` after them: they converge, and what was done is not done again."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from shared.sandbox.changes_under_way import ChangesUnderWay
from shared.sandbox.inventory import Inventory, Record
from tests.sandbox.faults_file import write_faults
from tests.sandbox.killed_runs import begun, clouds, engines, events, journals, killed, noted, until
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason, state_ids

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def platform(tmp_path: Path) -> PlatformCopy:
    return small_platform(tmp_path)


IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


def faults(platform: PlatformCopy, rule: str) -> None:
    platform.state.mkdir(exist_ok=True)
    (platform.state / "faults.yaml").write_text(f"rules:\n  - {{{rule}}}\n", encoding="utf-8")


def pending(platform: PlatformCopy, stack: str) -> list[str]:
    """Return the types of what an engine is in the middle of."""
    file = platform.state / "state" / ".pulumi" / "stacks" / stack / "sandbox.json"
    latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {} if file.exists() else {}
    return [one["resource"]["type"] for one in latest.get("pending_operations") or ()]


def in_inventory(platform: PlatformCopy) -> list[Record]:
    inventory = Inventory(platform.state / "inventory.sqlite")
    try:
        return list(inventory.all())
    finally:
        inventory.close()


def converged(platform: PlatformCopy, *present: str) -> None:
    """Assert that state and cloud agree, that they have what they should, once, and that nothing is left to do."""
    assert inventory_ids(platform) == state_ids(platform)
    assert sorted(one.rpartition("/")[2] for one in inventory_ids(platform)) == sorted(present)
    assert not list((platform.state / "state" / ".pulumi" / "locks").rglob("*.json"))
    again = platform.run("resume", "--yes", "--json")
    assert (again.code, again.document["stacks"]) == (0, []), again.stdout


def test_a_run_that_was_killed_between_two_stacks_goes_on_with_the_second(platform: PlatformCopy) -> None:
    nothing = platform.run("resume", "--yes", "--json")
    assert (nothing.code, nothing.document["result"], nothing.document["stacks"]) == (0, "unchanged", [])
    assert "no run was ever begun" in nothing.stderr
    assert platform.run("resume").stdout == ""
    killed(platform, "deploy", noted(platform, "lower succeeded"))
    dead = platform.run("status", "--json").document
    assert (dead["last_run"]["state"], dead["last_run"]["resumable"]) == ("never ended", True)
    assert dead["last_run"]["stacks"][0] == {"name": "lower", "state": "succeeded"}
    assert dead["lease"]["alive"] == "dead"
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert resumed.document["command"] == "resume"
    assert resumed.results == {"lower": "succeeded", "upper": "succeeded"}
    assert reason(resumed, "lower").startswith("done before, in run ")
    assert "lower started" not in events(platform)
    assert inventory_ids(platform) == state_ids(platform)
    assert len(journals(platform)) == 2
    again = platform.run("resume", "--yes", "--json")
    assert (again.code, again.document["stacks"]) == (0, [])
    assert "ended well" in again.stderr
    assert platform.run("preview", "--json").results == {"lower": "unchanged", "upper": "unchanged"}
    assert platform.run("status", "--json").document["stale"] == []
    platform.change("stacks/lower/program.py", "(group=group.name)", "(group=group.name.apply(str.upper))")
    assert platform.run("deploy", "--yes", "--json", "--stacks", "lower").code == 0
    status = platform.run("status", "--json").document
    assert status["stale"] == [{"stack": "upper", "upstream": "lower", "outputs": ["group"], "unknown": []}]
    assert (status["last_run"]["state"], status["lease"], status["locks"]) == ("unchanged", None, [])


@pytest.mark.parametrize("victim", ["orchestrator", "group", "engine", "worker"])
def test_a_deployment_that_was_killed_in_the_middle_of_a_creation_goes_on(platform: PlatformCopy, victim: str) -> None:
    faults(platform, f'operation: create, type: "{IDENTITY}", when: after, kill: {victim}')
    platform.run("deploy", "--yes", "--json")
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert reason(resumed, "lower").startswith("done before, in run ")
    assert resumed.results["upper"] in {"succeeded", "unchanged"}
    converged(platform, "rg-small", "id-small")
    assert platform.run("preview", "--json").results == {"lower": "unchanged", "upper": "unchanged"}


def test_a_destruction_that_was_killed_in_the_middle_goes_on(platform: PlatformCopy) -> None:
    assert platform.run("deploy", "--yes", "--json").code == 0
    faults(platform, f'operation: delete, type: "{IDENTITY}", when: after, kill: group')
    platform.run("destroy", "--yes", "--json")
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert resumed.document["command"] == "resume"
    converged(platform)


def test_an_engine_that_outlives_its_killed_group_is_asked_to_stop_and_waited_for(platform: PlatformCopy) -> None:
    faults(platform, f'operation: create, type: "{IDENTITY}", when: after, hang: 3')
    killed(platform, "deploy", lambda: any("id-small" in one for one in inventory_ids(platform)), whom="group")
    assert len(engines(platform)) == 1
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert not engines(platform)
    converged(platform, "rg-small", "id-small")


def test_a_lock_of_a_killed_run_is_freed_also_where_the_clock_was_set_back_in_it(platform: PlatformCopy) -> None:
    faults(platform, f'operation: create, type: "{IDENTITY}", when: after, kill: group')
    platform.run("deploy", "--yes", "--json")
    (lock,) = (platform.state / "state" / ".pulumi" / "locks").rglob("*.json")
    said = json.loads(lock.read_text(encoding="utf-8"))
    lock.write_text(json.dumps({**said, "timestamp": "2001-01-01T00:00:00.123456789Z"}), encoding="utf-8")
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    converged(platform, "rg-small", "id-small")


def test_what_the_cloud_makes_only_after_its_run_died_is_waited_for_and_made_once(platform: PlatformCopy) -> None:
    quick = {"create": 0, "update": 0, "delete": 0, "read": 0}
    slow = {"scale": 1, "before": 1, "seconds": {IDENTITY: {**quick, "create": 12}, "*": quick}}
    write_faults(platform.state, latency=slow)
    process = begun(platform, "deploy", "--yes", "--json")
    asked = ChangesUnderWay(platform.state / "inventory.sqlite")
    until(lambda: IDENTITY in pending(platform, "upper") and asked.any())
    process.kill()
    for engine in engines(platform):
        os.kill(engine, signal.SIGKILL)
    process.communicate()
    assert not any("id-small" in one for one in inventory_ids(platform))
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert "creating identity was interrupted: it exists in the cloud" in resumed.stderr
    converged(platform, "rg-small", "id-small")


@pytest.mark.parametrize("kind", [IDENTITY, "aws:ec2/vpc:Vpc"])
def test_what_was_made_when_its_provider_crashed_is_found_by_the_resumption(platform: PlatformCopy, kind: str) -> None:
    platform.change("stacks/upper/program.py", "import pulumi_azure", "import pulumi_aws as aws\nimport pulumi_azure")
    network = 'aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", tags={"Name": "small"})'
    platform.change("stacks/upper/program.py", "    identity = az", f"    {network}\n    identity = az")
    faults(platform, f'operation: create, type: "{kind}", when: after, hang: 3')
    process = begun(platform, "deploy", "--yes", "--json")
    until(lambda: any(one.token == kind for one in in_inventory(platform)))
    for provider in clouds(platform):
        os.kill(provider, signal.SIGKILL)
    said, _ = process.communicate()
    assert process.returncode != 0
    assert json.loads(said)["stacks"][1]["result"] == "failed"
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert sum(one.token == kind for one in in_inventory(platform)) == 1
    assert platform.run("preview", "--all", "--json").results == {"lower": "unchanged", "upper": "unchanged"}
    assert platform.run("destroy", "--yes").code == 0
    assert in_inventory(platform) == []


def test_a_resumption_that_is_killed_is_resumed(platform: PlatformCopy) -> None:
    faults(platform, f'operation: create, type: "{IDENTITY}", times: 2, when: before, kill: group')
    platform.run("deploy", "--yes", "--json")
    platform.run("resume", "--yes", "--json")
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert len(journals(platform)) == 3
    assert reason(resumed, "lower").startswith("done before, in run ")
    converged(platform, "rg-small", "id-small")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_deployment_while_it_is_previewed_deploys_nothing(
    platform: PlatformCopy, number: signal.Signals
) -> None:
    faults(platform, f'operation: check, type: "{IDENTITY}", hang: 5')
    process = begun(platform, "deploy", "--yes", "--json")
    assert process.stderr is not None
    while "upper: running" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(1)
    process.send_signal(number)
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 8, said
    results = {one["name"]: one["result"] for one in json.loads(printed)["stacks"]}
    assert results == {"lower": "cancelled", "upper": "cancelled"}
    assert not inventory_ids(platform)
    assert not journals(platform)


def test_a_second_signal_stops_at_once_and_the_run_is_resumed(platform: PlatformCopy) -> None:
    faults(platform, f'operation: create, type: "{IDENTITY}", when: after, hang: 300')
    process = begun(platform, "deploy", "--yes", "--json")
    until(lambda: any("id-small" in one for one in inventory_ids(platform)))
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)  # two that come together are one to the system
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 8, said
    results = {one["name"]: one["result"] for one in json.loads(printed)["stacks"]}
    assert results == {"lower": "succeeded", "upper": "cancelled"}
    assert not engines(platform)
    (platform.state / "faults.yaml").unlink()
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    converged(platform, "rg-small", "id-small")


def test_other_sources_are_refused_and_another_machine_with_the_same_ones_goes_on(
    platform: PlatformCopy, tmp_path: Path
) -> None:
    killed(platform, "deploy", noted(platform, "lower succeeded"))
    elsewhere = PlatformCopy(tmp_path / "elsewhere", platform.state)
    shutil.copytree(platform.root, elsewhere.root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(platform.state / "work")
    platform.change("stacks/upper/program.py", "id-small", "id-other")
    refused = platform.run("resume", "--yes", "--json")
    assert refused.code == 13
    assert "stacks/upper/program.py changed since; bring back the sources that it was made from" in refused.stderr
    resumed = elsewhere.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    converged(elsewhere, "rg-small", "id-small")


def test_deletions_that_were_withheld_when_a_run_was_killed_follow(platform: PlatformCopy) -> None:
    assert platform.run("deploy", "--yes", "--json").code == 0
    platform.change("stacks/lower/program.py", '"group", resource', '"other", resource')
    platform.change("stacks/lower/program.py", "rg-small", "rg-other")
    faults(platform, 'operation: delete, type: "azure-native:resources:ResourceGroup", when: before, kill: group')
    platform.run("deploy", "--yes", "--json", "--confirm", "rg-small,id-small")
    assert events(platform)[-3:] == ["upper started", "upper succeeded", "lower started"]
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert resumed.changes("lower") == {"delete": 1}
    assert reason(resumed, "upper").startswith("done before, in run ")
    converged(platform, "rg-other", "id-small")
