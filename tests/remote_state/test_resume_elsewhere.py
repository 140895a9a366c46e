"""A run that died on one machine is gone on with on another one that shares nothing but the backend and the clouds."""

import shutil
from pathlib import Path

import pytest

from tests.remote_state.platform import from_an_empty_work_directory
from tests.remote_state.test_remote_state import BOTH, good, in_the_clouds
from tests.sandbox.platform_copy import PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

RULE = 'operation: create, type: "azure-native:managedidentity:UserAssignedIdentity", when: after, kill: group'


def test_a_run_that_died_is_resumed_from_another_checkout(platform: PlatformCopy, tmp_path: Path) -> None:
    platform.state.mkdir(exist_ok=True)
    (platform.state / "faults.yaml").write_text(f"rules:\n  - {{{RULE}}}\n", encoding="utf-8")
    platform.run("deploy", "--yes", "--json")
    (platform.state / "faults.yaml").unlink()
    before = good(platform.run("status", "--json")).document
    assert before["last_run"]["state"] == "never ended"
    assert [one["operation"] for one in before["pending"]] == ["creating"]
    assert [one["stack"] for one in before["locks"]] == ["upper"]

    elsewhere = PlatformCopy(tmp_path / "elsewhere", platform.state)
    shutil.copytree(platform.root, elsewhere.root, ignore=shutil.ignore_patterns("__pycache__"))
    from_an_empty_work_directory(elsewhere)
    resumed = good(elsewhere.run("resume", "--yes", "--json"))
    assert resumed.results["lower"] == "succeeded"
    assert in_the_clouds(elsewhere) == BOTH
    assert set(good(elsewhere.run("preview", "--all", "--json")).results.values()) == {"unchanged"}
    after = good(elsewhere.run("status", "--json")).document
    assert (after["last_run"]["continues"], after["pending"], after["locks"]) == (before["last_run"]["run"], [], [])
