"""A backend that goes away, a disk that is full and a clock that jumps: a clear sentence, and nothing is lost."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.exit_codes import ExitCode
from tests.remote_state.aws import running_s3
from tests.remote_state.backend import Backend
from tests.remote_state.conftest import logged_in
from tests.remote_state.inventory import BOTH, in_the_clouds
from tests.remote_state.platform import platform_on
from tests.sandbox.faults_file import write_faults
from tests.sandbox.platform_copy import Answer, PlatformCopy
from tests.sandbox.small_platform import small_platform
from tests.unit.lease.waiting import until

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

# The cloud has made the identity four seconds before it says so.
SLOW = {
    "scale": 1.0,
    "seconds": {
        "azure-native:resources:ResourceGroup": {"create": 0.0},
        "azure-native:managedidentity:UserAssignedIdentity": {"create": 4.0},
    },
}


@contextmanager
def deploying(platform: PlatformCopy) -> Generator["subprocess.Popen[str]"]:
    """Yield a deploy whose identity is being made just now."""
    write_faults(platform.state, latency=SLOW)
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "invoke",
            *["deploy", "--env", "sandbox", "--yes", "--json", "--state"],
            str(platform.state),
        ],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            until(lambda: in_the_clouds(platform) == BOTH, seconds=300)
            yield process
        finally:
            process.kill()
            write_faults(platform.state)


def ended(process: "subprocess.Popen[str]") -> Answer:
    stdout, stderr = process.communicate(timeout=300)
    return Answer(code=process.returncode, stdout=stdout, stderr=stderr)


def goes_on(platform: PlatformCopy) -> None:
    """The run can be resumed, and what is in the clouds is what is in the state: nothing twice, nothing lost."""
    resumed = platform.run("resume", "--yes", "--json")
    assert resumed.code == 0, resumed.stderr
    assert in_the_clouds(platform) == BOTH
    again = platform.run("preview", "--all", "--json")
    assert again.code == 0, again.stderr
    assert set(again.results.values()) == {"unchanged"}


@pytest.fixture(scope="module")
def bucket() -> Generator[Backend]:
    with running_s3() as backend, logged_in(backend):
        yield backend


def test_a_backend_that_goes_away_half_way_ends_the_run_and_loses_nothing(bucket: Backend, tmp_path: Path) -> None:
    platform = platform_on(tmp_path, bucket)
    with deploying(platform) as process:
        bucket.stop()
        try:
            said = ended(process)
        finally:
            bucket.start()
    # Who notices first, the engine or the heartbeat, depends on how long the engine tries.
    assert said.code in {ExitCode.ERROR, ExitCode.RESOURCE, ExitCode.CANCELLED, ExitCode.INTERNAL}, said.stderr
    assert said.results["lower"] == "succeeded"
    assert said.results["upper"] in {"failed", "cancelled"}
    reason = next(stack["reason"] for stack in said.document["stacks"] if stack["name"] == "upper")
    assert "the lease of sandbox could not be renewed" in reason or "127.0.0.1" in reason
    assert "the lease could not be given back" in said.stderr
    assert "Traceback" not in said.stderr
    goes_on(platform)


def test_a_backend_that_is_away_from_the_beginning_is_said_at_once(bucket: Backend, tmp_path: Path) -> None:
    platform = platform_on(tmp_path, bucket)
    bucket.stop()
    try:
        said = platform.run("deploy", "--yes", "--json")
    finally:
        bucket.start()
    assert (said.code, said.document["exit_code"]) == (1, 1)
    assert "Traceback" not in said.stderr
    assert "deploy: the state in s3://platform-state" in said.stderr
    assert in_the_clouds(platform) == []


@contextmanager
def small_disk(folder: Path) -> Generator[Path]:
    """Make `folder` a file system of its own of 2 MB, for who may: root, or whom sudo asks nothing."""
    folder.mkdir(parents=True)
    asked = [] if os.getuid() == 0 else ["sudo", "-n"]
    mount = [*asked, "mount", "-t", "tmpfs", "-o", f"size=2m,mode=0700,uid={os.getuid()}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        pytest.skip(f"a small file system cannot be made here: {error}")
    if done.returncode:
        pytest.skip(f"a small file system cannot be made here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([*asked, "umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Use up what is free in a file system, and return the file that does."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"\0" * 4096):
                pass
        except OSError:
            return ballast
    raise AssertionError("the disk is endless")


def test_a_disk_that_is_full_half_way_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    platform = small_platform(tmp_path)
    with small_disk(platform.state / "state") as disk:
        with deploying(platform) as process:
            ballast = fill(disk)
            said = ended(process)
        assert said.code == 1, said.stderr
        assert "no space left on device" in said.stderr.lower()
        assert "Traceback" not in said.stderr

        full = platform.run("deploy", "--yes")
        assert full.code == 1
        assert "no space left on device" in full.stderr.lower()
        assert "Traceback" not in full.stderr

        ballast.unlink()
        goes_on(platform)


def test_a_clock_that_jumps_backwards_changes_nothing(tmp_path: Path) -> None:
    """Two seconds after each command has begun, it is a day earlier: within the run, and from run to run."""
    platform = small_platform(tmp_path)
    write_faults(platform.state, latency=SLOW)
    script = platform.root / "jumping.py"
    script.write_text(JUMPING, encoding="utf-8")

    def run(command: str) -> Answer:
        done = subprocess.run(
            [sys.executable, str(script), command, str(platform.state)],
            cwd=platform.root,
            env={**os.environ, "PYTHONPATH": str(platform.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    first = run("deploy")
    assert first.code == 0, first.stderr
    assert set(first.results.values()) == {"succeeded"}
    assert all(stack["seconds"] >= 0 for stack in first.document["stacks"])
    platform.change("stacks/lower/program.py", "location=env", 'tags={"day": "before"}, location=env')
    second = run("deploy")
    assert second.code == 0, second.stderr
    assert second.changes("lower") == {"update": 1}
    nothing = run("resume")
    assert nothing.code == 0, nothing.stderr
    assert "ended well" in nothing.stderr
    write_faults(platform.state)
    assert run("destroy").code == 0
    assert in_the_clouds(platform) == []


JUMPING = """
import datetime, sys, time
from pathlib import Path

BEGAN, DAY = time.monotonic(), 86400
real_time, real_datetime = time.time, datetime.datetime


def back():
    return DAY if time.monotonic() > BEGAN + 2 else 0


class Jumping(real_datetime):
    @classmethod
    def now(cls, tz=None):
        return real_datetime.now(tz) - datetime.timedelta(seconds=back())


time.time = lambda: real_time() - back()
datetime.datetime = Jumping

from shared.commands.answer import answer
from shared.commands.arguments import Options
from shared.commands.deploy import deploy
from shared.commands.destroy import destroy
from shared.commands.resume import resume

if __name__ == "__main__":
    command, state = sys.argv[1:]
    options = Options(env="sandbox", state=state, yes=True, json=True, root=Path.cwd())
    work = {"deploy": deploy, "resume": resume, "destroy": destroy}[command]
    sys.exit(answer(command, lambda: work(options), options))
"""
