"""The processes around the sandbox: whose connections it serves, and which ones a rule kills.

What the engine attaches with does not say who it is: its process is found by its end of the connection, in Linux's
/proc (proc_pid_fd, proc_pid_stat and proc_net_tcp in the manual pages). Elsewhere nobody is found.
"""

import dataclasses
import os
import signal
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from shared.sandbox.faults.calls import Victim

_PROC = Path("/proc")
_ESTABLISHED = "01"
_PARENT, _STARTED = 1, 19  # places behind the program's name


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
    """Return the process that this one serves at a connection whose other end has that port; None where it is gone."""
    connections = list(_established())
    own = set(_sockets(os.getpid()))
    served = {one.local_port for one in connections if one.remote_port == port and one.inode in own}
    ends = {one.inode for one in connections if one.local_port == port and one.remote_port in served}
    return next((pid for pid in _pids() if not ends.isdisjoint(_sockets(pid))), None)


def parent_of(pid: int) -> int | None:
    """Return the parent of a process, or None where the process is gone."""
    status = _status(pid)
    return int(status[_PARENT]) if status else None


def below(pid: int) -> set[int]:
    """Return every process below one: its children, theirs, and so on."""
    parents = {one: parent_of(one) for one in _pids()}
    found: set[int] = set()
    while more := {one for one, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found


@dataclasses.dataclass(frozen=True)
class Killer:
    """Kills processes of a run: engines that are attached here, and what belongs to the process that began the run.

    orchestrator: that process. started: when it started, as Linux counts; another process may get its number later.
    """

    orchestrator: int
    started: str

    @classmethod
    def of(cls, orchestrator: int) -> Self:
        """Return one for a run whose process is alive."""
        return cls(orchestrator, _started(orchestrator))

    def kill(self, victim: Victim, engine_port: int) -> bool:
        """Kill who is meant, as seen from the engine whose end of its connection has that port.

        Returns whether that engine is killed. Raises LookupError where it cannot be found.
        """
        engine = engine_at(engine_port)
        if engine is None:
            raise LookupError("the engine's process is not found; a rule with kill needs Linux")
        doomed = self._doomed(victim, engine)
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return engine in doomed

    def _doomed(self, victim: Victim, engine: int) -> list[int]:
        """Return who is killed: nobody but the engine and the run's own family, which is over with its first process.

        The first process dies first: the others must not come to tell it anything.
        """
        if victim == "engine":
            return [engine]
        alive = bool(self.started) and _started(self.orchestrator) == self.started
        family = [self.orchestrator, *sorted(below(self.orchestrator) - {os.getpid()})] if alive else []
        if victim == "group":
            return [*family, *({engine} - {*family})]
        meant = self.orchestrator if victim == "orchestrator" else parent_of(engine)
        return [pid for pid in family if pid == meant]


def _established() -> Iterator[Connection]:
    """Yield the ends of connections. The sandbox's own are those of IPv6: gRPC listens to both with one socket."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (_PROC / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _ESTABLISHED:
                    yield Connection(_port(fields[1]), _port(fields[2]), fields[9])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _sockets(pid: int) -> Iterator[str]:
    """Yield the inodes of a process's sockets; none where it has ended, or is another user's."""
    with suppress(OSError):
        for link in (_PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                target = str(link.readlink())
                if target.startswith("socket:["):
                    yield target[len("socket:[") : -1]


def _pids() -> Iterator[int]:
    with suppress(OSError):
        yield from (int(one.name) for one in _PROC.iterdir() if one.name.isdigit())


def _started(pid: int) -> str:
    status = _status(pid)
    return status[_STARTED] if status else ""


def _status(pid: int) -> list[str]:
    """Return what Linux says of a process, behind its program's name, which may hold spaces and brackets."""
    with suppress(OSError):
        return (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return []
