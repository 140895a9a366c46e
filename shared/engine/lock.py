"""One at a time: two runs on a machine do not install or build the engine twice."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.engine.machine import Machine
from shared.engine.progress import Heartbeat, Report

if TYPE_CHECKING:
    from filelock import BaseFileLock

_SLICE_SECONDS = 1


@contextmanager
def locked_cache(machine: Machine, report: Report) -> Generator[None]:
    """Hold the lock of the cache, after waiting for whoever holds it now. Raises OSError.

    The operating system ends the lock with the process that holds it, so that a killed one blocks nobody.
    """
    from filelock import FileLock, Timeout

    machine.cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(machine.cache / "install.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _wait(machine, report, lock)
    try:
        yield
    finally:
        lock.release()


def _wait(machine: Machine, report: Report, lock: "BaseFileLock") -> None:
    from filelock import Timeout

    report("another run is getting the Pulumi engine ready; waiting for it ...")
    heartbeat = Heartbeat(report, "waiting for another run to get the Pulumi engine ready")
    started = machine.now()
    while True:
        try:
            lock.acquire(timeout=_SLICE_SECONDS)
        except Timeout:
            heartbeat(machine.now() - started)
        else:
            return
