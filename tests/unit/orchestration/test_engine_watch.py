"""An engine whose starter is killed stops in an orderly way, and no engine outlives its starter for long."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.patience import until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in Linux's /proc")

# Stands for an engine. It prints more than a pipe holds when it is asked to stop: a reader that is gone would kill it.
ENGINE = """
import os, pathlib, signal, sys, time
folder, obedient = pathlib.Path(sys.argv[-2]), sys.argv[-1] == "obedient"
def stop(*_):
    (folder / "asked").touch()
    if obedient:
        print("x" * 1_000_000, flush=True)
        (folder / "stopped").touch()
        sys.exit(0)
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
(folder / "begun").write_text(str(os.getpid()))
while True:
    time.sleep(0.05)
"""
STARTER = """
import sys
from pathlib import Path
from shared.orchestration import engine_command
from shared.orchestration.engine_watch import EngineWatch
engine_command.EngineWatch = lambda out, err: EngineWatch(out, err, patience=1)
engine, folder, kind = sys.argv[1:]
engine_command.EngineCommand(Path(engine), "3.259.0").run([folder, kind], folder, {})
"""


def started(folder: Path, kind: str) -> "subprocess.Popen[bytes]":
    """Return a process, in a group of its own, that runs an engine."""
    engine = folder / "engine"
    engine.write_text(f"#!{sys.executable}\n{ENGINE}", encoding="utf-8")
    engine.chmod(0o700)
    arguments = [sys.executable, "-c", STARTER, str(engine), str(folder), kind]
    return subprocess.Popen(arguments, process_group=0, stderr=subprocess.PIPE)


def engine_of(folder: Path) -> int:
    begun = folder / "begun"
    until(lambda: begun.exists() and begun.read_text(encoding="utf-8") != "")
    return int(begun.read_text(encoding="utf-8"))


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_engine_whose_starter_is_killed_with_its_group_is_asked_to_stop_and_can(tmp_path: Path) -> None:
    starter = started(tmp_path, "obedient")
    engine = engine_of(tmp_path)
    os.killpg(starter.pid, signal.SIGKILL)
    starter.communicate()
    until(lambda: not runs(engine))
    assert (tmp_path / "stopped").exists(), "it did not end in an orderly way"


def test_an_engine_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    starter = started(tmp_path, "stubborn")
    engine = engine_of(tmp_path)
    starter.kill()
    starter.communicate()
    until(lambda: not runs(engine))
    assert (tmp_path / "asked").exists()


def test_an_engine_that_ends_by_itself_lets_its_starter_go_on(tmp_path: Path) -> None:
    starter = started(tmp_path, "obedient")
    engine = engine_of(tmp_path)
    os.kill(engine, signal.SIGINT)
    _, said = starter.communicate()
    assert starter.returncode == 0, said
    assert (tmp_path / "stopped").exists()
