"""Whether the engine that made a lock still runs on this machine."""

from collections.abc import Callable
from pathlib import Path

from shared.lease.this_process import started

_COMM_LENGTH = 15  # "proc_pid_comm" (Linux): longer names are cut off


def engine_runs(engine: Path) -> Callable[[int], bool]:
    """Return what tells whether a process of this machine is an engine that runs.

    A process that got the id of an engine that is gone is another one: it has another name. engine: its file.
    """
    name = engine.name[:_COMM_LENGTH]

    def runs(pid: int) -> bool:
        try:
            return started(pid) is not None and Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == name
        except OSError:
            return False

    return runs
