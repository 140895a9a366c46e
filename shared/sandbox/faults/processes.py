"""The processes around the sandbox: whose connections it serves, and which ones a rule kills.

What the engine attaches with does not say who it is: its process is found by its end of the connection, in Linux's
/proc (proc_pid_fd and proc_net_tcp in the manual pages). Elsewhere nobody is found.
"""

import dataclasses
import os
import signal
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from shared.sandbox.faults.model import Victim

_PROC = Path("/proc")
_ESTABLISHED = "01"


@dataclasses.dataclass(frozen=True)
class Connection:
    """One end of a TCP connection of this machine. inode: of its socket."""

    local_port: int
    remote_port: int
    inode: str


def anyone_at(ports: Collection[int]) -> bool:
    """Return whether anybody is connected to one of the ports."""
    return any(one.remote_port in ports for one in _established())


def engine_at(port: int) -> int | None:
    """Return the process whose end of a connection has that port, or None where it is gone."""
    inodes = {one.inode for one in _established() if one.local_port == port}
    return next((pid for pid, inode in _sockets() if inode in inodes), None)


def parent_of(pid: int) -> int | None:
    """Return the parent of a process, or None where either is gone."""
    with suppress(OSError, ValueError, IndexError):
        # The name of the program, in brackets, may hold spaces and brackets.
        return int((_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return None


def below(pid: int) -> set[int]:
    """Return every process below one: its children, theirs, and so on."""
    parents = {one: parent_of(one) for one in _pids()}
    found: set[int] = set()
    while more := {one for one, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found


@dataclasses.dataclass(frozen=True)
class Killer:
    """Kills processes of a run. orchestrator: the process that started the sandbox."""

    orchestrator: int

    def kill(self, victim: Victim, engine_port: int) -> bool:
        """Kill who is meant, as seen from the engine whose end of its connection has that port.

        Returns whether that engine is killed.
        """
        engine = engine_at(engine_port)
        if engine is None:
            return False
        doomed = self._doomed(victim, engine)
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return engine in doomed

    def _doomed(self, victim: Victim, engine: int) -> list[int]:
        if victim == "engine":
            return [engine]
        if victim == "worker":
            worker = parent_of(engine)
            return [worker] if worker and worker > 1 else []
        if victim == "orchestrator":
            return [self.orchestrator]
        return [self.orchestrator, *sorted(below(self.orchestrator) - {os.getpid()})]


def _established() -> Iterator[Connection]:
    """Yield the connections over IPv4; the sandbox listens on 127.0.0.1."""
    try:
        lines = (_PROC / "net" / "tcp").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    for line in lines:
        fields = line.split()
        if fields[3] == _ESTABLISHED:
            yield Connection(_port(fields[1]), _port(fields[2]), fields[9])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _sockets() -> Iterator[tuple[int, str]]:
    """Yield every open socket: the process that has it, and its inode."""
    for pid in _pids():
        with suppress(OSError):  # it is another user's, or it has ended
            for link in (_PROC / str(pid) / "fd").iterdir():
                with suppress(OSError):
                    target = str(link.readlink())
                    if target.startswith("socket:["):
                        yield pid, target[len("socket:[") : -1]


def _pids() -> Iterator[int]:
    with suppress(OSError):
        yield from (int(one.name) for one in _PROC.iterdir() if one.name.isdigit())
