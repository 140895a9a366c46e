"""The processes around the sandbox, found by their connections, and killed."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from shared.sandbox.faults.calls import Victim
from shared.sandbox.faults.processes import Killer, anyone_at, below, engine_at, parent_of
from tests.sandbox.patience import until

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="processes are found in Linux's /proc")

# Stands for an engine: it attaches to a port, says with which end, and stays.
ENGINE = """
import socket, sys
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(one.getsockname()[1], flush=True)
sys.stdin.read()
"""
# Stands for an orchestrator, and for its worker: it starts what comes next, and stays.
STARTER = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], start_new_session=True)
sys.stdin.read()
"""


@dataclasses.dataclass(frozen=True)
class Run:
    """An orchestrator with a worker with an engine. port: the engine's end of its connection to `listening`."""

    orchestrator: subprocess.Popen[str]
    listening: int
    port: int
    worker: int
    engine: int

    def alive(self) -> set[str]:
        """Return who is alive."""
        pids = {"worker": self.worker, "engine": self.engine}
        found = {name for name, pid in pids.items() if _runs(pid)}
        return found | ({"orchestrator"} if self.orchestrator.poll() is None else set())


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def run() -> Generator[Run]:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        subprocess.Popen(
            [sys.executable, "-c", STARTER, STARTER, ENGINE, str(server.getsockname()[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as orchestrator,
    ):
        assert orchestrator.stdout
        connection = server.accept()[0]
        listening, port = server.getsockname()[1], int(orchestrator.stdout.readline())
        engine = engine_at(port)
        assert engine
        worker = parent_of(engine)
        assert worker
        with connection:
            yield Run(orchestrator, listening, port, worker, engine)
        for pid in (orchestrator.pid, worker, engine):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_processes_are_found_by_their_connections_and_parents(run: Run) -> None:
    assert parent_of(run.worker) == run.orchestrator.pid
    assert below(run.orchestrator.pid) == {run.worker, run.engine}
    assert anyone_at({run.listening})
    assert not anyone_at({run.port + 1, 1})


@pytest.mark.parametrize(
    ("victim", "survivors", "engine_dies"),
    [
        ("engine", {"orchestrator", "worker"}, True),
        ("worker", {"orchestrator", "engine"}, False),
        ("orchestrator", {"worker", "engine"}, False),
        ("group", set[str](), True),
    ],
)
def test_who_is_meant_is_killed_and_nobody_else(
    run: Run, victim: Victim, survivors: set[str], engine_dies: bool
) -> None:
    killer = Killer.of(run.orchestrator.pid)
    assert killer.kill(victim, run.port) is engine_dies
    until(lambda: run.alive() == survivors)


def test_a_killed_engine_is_attached_to_nothing_and_found_no_more(run: Run) -> None:
    killer = Killer.of(run.orchestrator.pid)
    killer.kill("engine", run.port)
    until(lambda: not anyone_at({run.listening}))
    assert engine_at(run.port) is None
    with pytest.raises(LookupError, match="the engine's process is not found"):
        killer.kill("group", run.port)
    assert run.alive() == {"orchestrator", "worker"}


@pytest.mark.parametrize("victim", ["worker", "orchestrator", "group"])
def test_whoever_got_the_number_of_a_dead_orchestrator_is_spared(run: Run, victim: Victim) -> None:
    killer = dataclasses.replace(Killer.of(run.orchestrator.pid), started="1")
    assert killer.kill(victim, run.port) is (victim == "group")
    assert run.alive() >= {"orchestrator", "worker"}


def test_an_engine_whose_worker_is_dead_has_no_worker_to_kill(run: Run) -> None:
    killer = Killer.of(run.orchestrator.pid)
    killer.kill("worker", run.port)
    until(lambda: parent_of(run.engine) != run.worker)
    assert killer.kill("worker", run.port) is False
    assert run.alive() == {"orchestrator", "engine"}
