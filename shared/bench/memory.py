"""How much memory a process and all that it started hold together at their peak. Needs /proc, so Linux."""

import dataclasses
import os
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

_PROC = Path("/proc")
_BETWEEN_LOOKS = 0.25


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProcessMemory:
    """One process. resident: bytes; what it shares with others counts for each of them."""

    pid: int
    parent: int
    resident: int


def can_be_measured() -> bool:
    """Return whether this system tells what its processes hold."""
    return (_PROC / "self" / "stat").exists()


def parsed(stat: str, page: int) -> ProcessMemory:
    """Return what a line of /proc/PID/stat says; page: bytes of one. Its fields are those of proc_pid_stat(5)."""
    # The second field is the program's name in brackets, which may hold spaces and brackets.
    before, _, after = stat.rpartition(")")
    fields = after.split()
    return ProcessMemory(pid=int(before.split(" ", 1)[0]), parent=int(fields[1]), resident=int(fields[21]) * page)


def held_by(root: int, processes: Iterable[ProcessMemory]) -> int:
    """Return the bytes that `root` and its descendants hold."""
    everything = tuple(processes)
    family = {root}
    while grown := {one.pid for one in everything if one.parent in family} - family:
        family |= grown
    return sum(one.resident for one in everything if one.pid in family)


class PeakMemory:
    """Looks at a process four times a second. peak: the most bytes that were seen."""

    def __init__(self) -> None:
        self.peak = 0

    @contextmanager
    def of(self, pid: int) -> Generator[None]:
        """Look while this is entered."""
        ended = threading.Event()
        thread = threading.Thread(target=self._look, args=(pid, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _look(self, pid: int, ended: threading.Event) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while True:
            self.peak = max(self.peak, held_by(pid, _processes(page)))
            if ended.wait(_BETWEEN_LOOKS):
                return


def _processes(page: int) -> Generator[ProcessMemory]:
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            yield parsed((folder / "stat").read_text(encoding="utf-8", errors="replace"), page)
