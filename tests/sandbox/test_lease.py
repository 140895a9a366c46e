"""Two commands do not work on one environment at the same time, whatever becomes of the first."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from shared.exit_codes import ExitCode
from shared.lease.record import LeaseRecord, content_of, object_name
from shared.lease.this_process import this_process
from shared.lease.unlocking import holder_of
from shared.state_store.opening import open_store
from shared.state_store.store import StateStore
from tests.sandbox.platform_copy import PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.unit.lease.waiting import until

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> PlatformCopy:
    """Two stacks that are deployed."""
    made = small_platform(tmp_path_factory.mktemp("leased"))
    first = made.run("deploy", "--yes", "--json")
    assert first.code == 0, first.stderr
    return made


@pytest.fixture
def store(platform: PlatformCopy) -> Generator[StateStore]:
    found = open_store(f"file://{platform.state}/state")
    yield found
    found.delete(object_name("sandbox"))


def another(**owner: object) -> LeaseRecord:
    return LeaseRecord(
        environment="sandbox",
        holder="another",
        owner=this_process().model_copy(update={"user": "grace", **owner}),
        command="deploy",
        run="run-1",
        since="2026-11-21T17:00:00Z",
        time_to_live=2,
    )


def lock(store: StateStore, record: LeaseRecord) -> None:
    store.put(object_name("sandbox"), content_of(record))


@contextmanager
def begun(platform: PlatformCopy, *arguments: str) -> Generator["subprocess.Popen[str]"]:
    """Yield a command that runs, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "invoke", *arguments, "--env", "sandbox", "--state", str(platform.state)],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_after_a_run_nobody_has_it(platform: PlatformCopy, store: StateStore) -> None:
    assert holder_of(store, "sandbox") is None


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_one_that_somebody_has_is_left_alone(platform: PlatformCopy, store: StateStore, command: str) -> None:
    lock(store, another())
    said = platform.run(command, "--yes", "--json", "--wait", "0")
    assert said.code == ExitCode.LOCKED
    assert (said.document["exit_code"], said.document["stacks"]) == (12, [])
    whole = f"{command}: sandbox is locked: grace on {this_process().host} (process {os.getpid()}) has been at deploy"
    assert whole in said.stderr
    assert "Traceback" not in said.stderr
    assert holder_of(store, "sandbox") == another()


def test_a_secret_is_not_set_meanwhile(platform: PlatformCopy, store: StateStore) -> None:
    lock(store, another())
    said = platform.run("secret set", "token", "--stack", "lower", "--wait", "0", text="planted-7d1")
    assert (said.code, said.stdout) == (ExitCode.LOCKED, "")
    assert "planted" not in said.stderr


def test_a_preview_changes_nothing_and_waits_for_nobody(platform: PlatformCopy, store: StateStore) -> None:
    lock(store, another())
    assert platform.run("preview", "--json").code == 0


def test_a_time_to_wait_is_a_number(platform: PlatformCopy) -> None:
    said = platform.run("deploy", "--yes", "--wait", "soon")
    assert said.code == ExitCode.CONFIGURATION
    assert "--wait: 'soon' is not a whole number of at least 0" in said.stderr


def test_one_of_a_process_that_is_gone_is_taken_at_once(platform: PlatformCopy, store: StateStore) -> None:
    lock(store, another(started=0))
    said = platform.run("deploy", "--yes", "--json", "--wait", "0")
    assert said.code == 0, said.stderr
    assert set(said.results.values()) == {"unchanged"}
    assert holder_of(store, "sandbox") is None


def test_one_of_a_dead_machine_is_waited_for_and_taken(platform: PlatformCopy, store: StateStore) -> None:
    lock(store, another(host="elsewhere", pid=1))
    said = platform.run("deploy", "--yes", "--json")
    assert said.code == 0, said.stderr
    waited = "waiting for grace on elsewhere (process 1), at deploy since 2026-11-21T17:00:00Z (run run-1) ...\n"
    assert said.stderr.count(waited) == 1
    assert holder_of(store, "sandbox") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_waits_can_stop_waiting(platform: PlatformCopy, store: StateStore, number: signal.Signals) -> None:
    lock(store, another())
    with begun(platform, "deploy", "--yes", "--json") as waiting:
        assert waiting.stderr
        until(lambda: "waiting for grace" in (waiting.stderr.readline() if waiting.stderr else ""))
        waiting.send_signal(number)
        stdout, stderr = waiting.communicate(timeout=60)
    assert waiting.returncode == ExitCode.CANCELLED
    assert json.loads(stdout)["result"] == "cancelled"
    assert "Traceback" not in stderr
    assert holder_of(store, "sandbox") == another()


def test_unlock_ends_only_what_a_dead_owner_had(platform: PlatformCopy, store: StateStore) -> None:
    said = platform.run("unlock")
    assert (said.code, said.stdout) == (0, "sandbox was not locked\n")

    lock(store, another())
    said = platform.run("unlock", "--json")
    assert (said.code, said.document["exit_code"]) == (ExitCode.LOCKED, 12)
    assert said.stderr.endswith("; it is alive: wait until it has ended, or end that process first\n")
    assert holder_of(store, "sandbox") == another()

    lock(store, another(started=0))
    said = platform.run("unlock")
    assert said.code == 0
    assert said.stdout == (
        f"sandbox is unlocked: grace on {this_process().host} (process {os.getpid()}), "
        "at deploy since 2026-11-21T17:00:00Z (run run-1), is dead\n"
    )
    assert holder_of(store, "sandbox") is None

    lock(store, another(host="elsewhere", pid=1))
    said = platform.run("unlock", "--json")
    assert said.document == {
        "environment": "sandbox",
        "unlocked": True,
        "lease": {
            "owner": "grace on elsewhere (process 1)",
            "command": "deploy",
            "run": "run-1",
            "since": "2026-11-21T17:00:00Z",
        },
    }
    assert "watching for 2 s whether grace on elsewhere (process 1) still works ...\n" in said.stderr


def test_a_run_whose_lease_somebody_takes_stops_and_says_so(platform: PlatformCopy, store: StateStore) -> None:
    """The heartbeat that notices is that of a run that was begun with one every 50 ms."""
    script = platform.root / "quick.py"
    script.write_text(QUICK, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(platform.state)],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.CANCELLED, done.stderr
    assert done.stdout == (
        "the lease of sandbox was lost: eve on elsewhere (process 9) took it for destroy\n"
        "did not run because lower was cancelled\n"
    )
    holder = holder_of(store, "sandbox")
    assert holder
    assert holder.holder == "thief"


QUICK = """
import sys, time
from pathlib import Path
from shared.commands.arguments import Options
from shared.commands.holding import held
from shared.commands.ready import ready
from shared.commands.reviewing import deployed
from shared.lease.record import content_of, object_name
from shared.lease.timing import Timing
from shared.state_store.opening import open_store


def main(state):
    options = Options(env="sandbox", state=state, yes=True, all=True, root=Path.cwd())
    store = open_store(f"file://{state}/state")
    timing = Timing(heartbeat=0.05, time_to_live=60)
    with ready(options) as opened, held(opened, options, "deploy", timing=timing) as holding:
        owner = holding.lease.record.owner.model_copy(update={"user": "eve", "host": "elsewhere", "pid": 9})
        thief = holding.lease.record.model_copy(update={"holder": "thief", "owner": owner, "command": "destroy"})
        store.put(object_name("sandbox"), content_of(thief))
        while not holding.lease.lost:
            time.sleep(0.01)
        report = deployed(holding.prepared).report
    for stack in report.stacks:
        print(stack.reason)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
"""
