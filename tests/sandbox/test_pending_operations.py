"""What an engine was doing when it was killed is resolved: nothing is made twice, forgotten, or left in the state."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from shared.environment.loading import REPOSITORY
from tests.sandbox.half_done import SCENARIOS, Scenario

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

# Steps that the next update takes after all; what is not here has nothing left to do for what was interrupted.
LEFT = {
    "create-not": {"create identity"},
    "update-not": {"update logs"},
    "delete-not": {"delete logs"},
}
_VERBS = {"create": ("create", "create-replacement"), "update": ("update",), "delete": ("delete", "delete-replaced")}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.half_done", str(tmp_path_factory.mktemp("half-done"))],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one.name for one in SCENARIOS])
def test_an_interrupted_operation_is_resolved(told: dict[str, Any], scenario: Scenario) -> None:
    story = told[scenario.name]
    doing = {"create": "creating", "update": "updating", "delete": "deleting"}[scenario.operation]
    assert [doing, scenario.type, scenario.result] in story["resolved"]
    assert (story["orphans"], story["ghosts"], story["twins"]) == ([], [], 0)
    assert story["next"] == []
    assert story["backups"] >= 1
    name = scenario.type.rpartition(":")[2]
    resource = {"UserAssignedIdentity": "identity", "ResourceGroup": "group", "LogGroup": "logs", "Vpc": "network"}
    mine = {f"{verb} {resource.get(name, name.lower())}" for verb in _VERBS[scenario.operation]}
    assert mine & set(story["again"]) == LEFT.get(scenario.name, set())


def test_scenarios_tell_of_every_end_that_a_resolution_has() -> None:
    assert {one.result for one in SCENARIOS} == {"adopted", "absent", "read again", "gone", "to delete again"}
