"""Runs that are killed, and `invoke resume` after them: they converge, and what was done is not done again."""

from pathlib import Path

import pytest

from tests.sandbox.killed_runs import events, journals, killed, noted
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason, state_ids

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def platform(tmp_path: Path) -> PlatformCopy:
    return small_platform(tmp_path)


def test_a_run_that_was_killed_between_two_stacks_goes_on_with_the_second(platform: PlatformCopy) -> None:
    nothing = platform.run("resume", "--yes", "--json")
    assert (nothing.code, nothing.document["stacks"]) == (0, [])
    assert "no run was ever begun" in nothing.stderr
    killed(platform, "deploy", noted(platform, "lower succeeded"))
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
