"""What was changed behind Pulumi's back: found, put right, or taken over. In order, on one deployed platform."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from tests.sandbox.faults_file import write_faults
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.sandbox.test_failures import inventory_ids, reason, state_ids

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

PROGRAM = "stacks/upper/program.py"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
GROUP = "azure-native:resources:ResourceGroup"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    found = small_platform(tmp_path_factory.mktemp("drift"))
    found.change(PROGRAM, 'resource_name_="id-small"', 'resource_name_="id-small", tags={"a": "1", "b": "2"}')
    assert found.run("deploy", "--yes").code == 0
    return found


def change(platform: PlatformCopy, assignment: str) -> None:
    done = platform.run("sandbox change", "--type", IDENTITY, "--name", "id-small", "--set", assignment)
    assert done.code == 0, done.stderr


def delete(platform: PlatformCopy, kind: str, name: str) -> None:
    done = platform.run("sandbox delete", "--type", kind, "--name", name)
    assert done.code == 0, done.stderr


def checkpoints(platform: PlatformCopy) -> list[bytes]:
    files = sorted((platform.state / "state" / ".pulumi" / "stacks").glob("*/sandbox.json"))
    return [file.read_bytes() for file in files]


def answered(platform: PlatformCopy, answers: Sequence[str], *flags: str) -> Answer:
    """Run drift at a terminal and answer its questions in turn. An empty answer is Ctrl-C."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", "drift", "--env", "sandbox", "--state", str(platform.state), *flags],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    for answer in answers:
        asked = said.count("[y/N] ")
        while said.count("[y/N] ") == asked:
            letter = process.stderr.read(1)
            assert letter, said
            said += letter
        time.sleep(0.5)  # what is typed before the question reads is thrown away
        if answer:
            os.write(ours, f"{answer}\n".encode())
        else:
            process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return Answer(code=process.returncode, stdout=stdout, stderr=said + stderr)


def test_where_nothing_differs_drift_says_so_and_touches_nothing(platform: PlatformCopy) -> None:
    before = checkpoints(platform)
    answer = platform.run("drift", "--json")
    assert answer.code == 0, answer.stdout
    assert answer.results == {"lower": "unchanged", "upper": "unchanged"}
    assert platform.run("drift", "--fix", "--yes").code == 0
    assert platform.run("drift", "--accept", "--yes").code == 0
    assert checkpoints(platform) == before


def test_a_property_that_was_changed_is_named_with_exit_code_10_and_its_value_only_where_asked_for(
    platform: PlatformCopy,
) -> None:
    before = checkpoints(platform)
    change(platform, 'tags.a="by-hand"')
    answer = platform.run("drift", "--json")
    assert answer.code == 10
    assert (answer.document["exit_code"], answer.document["differences"]) == (10, "found")
    assert answer.results == {"lower": "unchanged", "upper": "succeeded"}
    assert [one["upstreams"] for one in answer.document["stacks"]] == [[], ["lower"]]
    assert reason(answer, "upper") == "1 resource differs from the state: identity (tags)"
    assert answer.changes("upper") == {"update": 1}
    assert "by-hand" not in answer.stdout + answer.stderr
    said = platform.run("drift", "--diff", "--stacks", "upper")
    assert said.code == 10
    assert "tags.a: state 1, cloud by-hand" in said.stdout
    assert checkpoints(platform) == before


def test_accept_takes_over_what_the_cloud_has_and_says_what_the_program_must_say(platform: PlatformCopy) -> None:
    answer = platform.run("drift", "--accept", "--yes")
    assert answer.code == 0, answer.stderr
    assert f"{PROGRAM}:9: identity ({IDENTITY}): tags.a = by-hand" in answer.stderr
    assert platform.run("drift").code == 0
    preview = platform.run("preview", "--json")
    assert preview.changes("upper") == {"update": 1}


def test_fix_puts_the_cloud_right_where_the_program_says_otherwise_even_what_is_gone(platform: PlatformCopy) -> None:
    delete(platform, IDENTITY, "id-small")
    found = platform.run("drift", "--json")
    assert found.code == 10
    assert reason(found, "upper") == "1 resource differs from the state: identity (gone)"
    fixed = platform.run("drift", "--fix", "--yes", "--json")
    assert fixed.code == 0, fixed.stdout
    assert fixed.document["command"] == "drift"
    assert fixed.changes("upper") == {"create": 1}
    assert platform.run("drift").code == 0
    assert inventory_ids(platform) == state_ids(platform)


def test_fix_and_accept_ask_first_and_exclude_each_other(platform: PlatformCopy) -> None:
    assert platform.run("drift", "--fix", "--accept", "--yes").code == 2
    asked = platform.run("drift", "--fix", "--json")
    assert asked.code == 2
    assert "--yes" in asked.stderr


@pytest.mark.parametrize("last", ["n", ""])
def test_who_declines_the_second_question_of_fix_hears_what_was_noted(platform: PlatformCopy, last: str) -> None:
    before = checkpoints(platform)
    change(platform, f'tags.a="by-hand-{last}"')
    declined = answered(platform, ["n"], "--fix")
    assert (declined.code, "nothing was changed" in declined.stderr) == (8, True)
    assert checkpoints(platform) == before
    noted = answered(platform, ["y", last], "--fix")
    assert noted.code == 8
    assert "nothing was changed" not in noted.stderr
    assert noted.stderr.endswith(
        "the clouds were not changed; the state says now what they have, so drift finds nothing any more: "
        "invoke preview --env sandbox shows what the programs would change, and deploy does it\n"
    )
    assert platform.run("drift").code == 0
    assert platform.run("deploy", "--yes", "--all", "--json").changes("upper") == {"update": 1}


def test_a_stack_that_cannot_be_looked_at_fails_and_is_never_taken_for_unchanged(platform: PlatformCopy) -> None:
    write_faults(platform.state, {"operation": "read", "type": IDENTITY, "error": {"code": "AuthorizationFailed"}})
    failed = platform.run("drift", "--json")
    write_faults(platform.state)
    assert failed.code not in {0, 10}
    assert failed.results == {"lower": "unchanged", "upper": "failed"}


def test_what_is_throttled_is_looked_at_again(platform: PlatformCopy) -> None:
    write_faults(platform.state, {"operation": "read", "type": GROUP, "error": {"code": "TooManyRequests"}})
    answer = platform.run("drift", "--json")
    assert answer.code == 0, answer.stdout
    assert next(one["retries"] for one in answer.document["stacks"] if one["name"] == "lower") == 1


def test_a_whole_group_that_is_gone_is_made_again_by_fix(platform: PlatformCopy) -> None:
    delete(platform, GROUP, "rg-small")
    found = platform.run("drift", "--json")
    assert found.code == 10
    assert found.results == {"lower": "succeeded", "upper": "succeeded"}
    fixed = platform.run("drift", "--fix", "--yes", "--json")
    assert fixed.code == 0, fixed.stdout
    assert inventory_ids(platform) == state_ids(platform)
    assert platform.run("drift").code == 0


def test_fix_that_died_when_it_had_noted_what_the_cloud_has_is_done_by_the_next_one(platform: PlatformCopy) -> None:
    change(platform, 'tags.b="by-hand"')
    write_faults(platform.state, {"operation": "check", "type": IDENTITY, "kill": "group"})
    assert platform.run("drift", "--fix", "--yes").code == -signal.SIGKILL
    write_faults(platform.state)
    assert platform.run("drift").code == 0
    fixed = platform.run("drift", "--fix", "--yes", "--json")
    assert fixed.code == 0, fixed.stdout
    assert fixed.changes("upper") == {"update": 1}
    assert set(platform.run("preview", "--all", "--json").results.values()) == {"unchanged"}
    before = checkpoints(platform)
    assert platform.run("drift", "--fix", "--yes").code == 0
    assert checkpoints(platform) == before
