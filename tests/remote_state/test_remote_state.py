"""The same happens on files, on S3 with secrets under a key of KMS, and on Azure Blob Storage."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.exit_codes import ExitCode
from tests.remote_state.inventory import BOTH, in_the_clouds
from tests.remote_state.platform import from_an_empty_work_directory
from tests.sandbox.platform_copy import Answer, PlatformCopy

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def good(answer: Answer) -> Answer:
    assert answer.code == 0, answer.stderr
    return answer


def test_of_two_first_deploys_at_the_same_moment_one_runs_and_the_other_waits(platform: PlatformCopy) -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(lambda wait: platform.run("deploy", "--yes", "--json", "--wait", wait), ("600", "600"))
        )
    for answer in answers:
        good(answer)
    made = sorted(sum(sum(answer.changes(stack).values()) for stack in ("lower", "upper")) for answer in answers)
    assert made == [0, 6]
    assert sum("waiting for" in answer.stderr for answer in answers) == 1
    assert in_the_clouds(platform) == BOTH


def test_of_two_deploys_that_do_not_wait_one_is_told_who_runs(platform: PlatformCopy) -> None:
    platform.change("stacks/lower/program.py", "location=env", 'tags={"round": "two"}, location=env')
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: platform.run("deploy", "--yes", "--json", "--wait", "0"), range(2)))
    codes = sorted(answer.code for answer in answers)
    # The second may have begun only when the first had ended: then it finds nothing to do.
    assert codes in ([0, ExitCode.LOCKED], [0, 0])
    refused = [answer for answer in answers if answer.code]
    assert all("sandbox is locked: " in answer.stderr for answer in refused)
    assert in_the_clouds(platform) == BOTH


def test_nothing_is_left_to_do_also_from_an_empty_work_directory(platform: PlatformCopy) -> None:
    from_an_empty_work_directory(platform)
    answer = good(platform.run("preview", "--all", "--json"))
    assert [answer.changes(stack) for stack in ("lower", "upper")] == [{}, {}]
    good(platform.run("deploy", "--yes", "--all", "--json"))
    assert set(answer.results.values()) == {"unchanged"}


def test_a_plan_set_is_saved_and_applied(platform: PlatformCopy, tmp_path: Path) -> None:
    platform.change("stacks/upper/program.py", "location=env", 'tags={"round": "three"}, location=env')
    file = tmp_path / "set.mlplan"
    good(platform.run("preview", "--save", str(file), "--json"))
    answer = good(platform.run("deploy", "--plan", str(file), "--yes", "--json"))
    assert answer.changes("upper") == {"update": 1}
    assert set(good(platform.run("preview", "--all", "--json")).results.values()) == {"unchanged"}


def test_everything_is_destroyed(platform: PlatformCopy) -> None:
    good(platform.run("destroy", "--yes", "--json"))
    assert in_the_clouds(platform) == []
