"""This process and its machine, as a lease names them.

The sources are Linux's: "proc_pid_stat", "pid_namespaces" and "machine-id" in its manual pages. On another system
nothing is known of other processes, and a dead owner is recognised by its heartbeat alone.
"""

import getpass
import os
import platform
import re
from pathlib import Path
from typing import Final

from shared.lease.record import Owner

_GONE: Final = frozenset({"Z", "X", "x"})  # ended, and only not yet asked for its exit code
_STATE: Final = 0
_STARTED: Final = 19  # field 22 of the line; the first here is field 3, as the name before it may hold anything


def this_process() -> Owner:
    """Return this process."""
    return Owner(
        user=_printable(_user()),
        host=_printable(platform.node()),
        pid=os.getpid(),
        started=started(os.getpid()),
        machine=_printable(_text(Path("/etc/machine-id"))),
        boot=_printable(_text(Path("/proc/sys/kernel/random/boot_id"))),
        processes=_printable(_link(Path("/proc/self/ns/pid"))),
    )


def started(pid: int) -> int | None:
    """Return when a process began, in clock ticks since the machine did; None where there is none any more."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if len(fields) <= _STARTED or fields[_STATE] in _GONE:
        return None
    return int(fields[_STARTED])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return f"user {os.getuid()}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _link(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""


def _printable(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", text)[:256]
