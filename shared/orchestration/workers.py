"""Processes that work on stacks: forked from one that has the SDKs imported already, one process per operation."""

import math
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import cast

from shared.orchestration.forkserver import forkserver
from shared.orchestration.job import Message, StackJob, StackOutcome
from shared.orchestration.worker import KILL, STOP, work

_INTERNAL = 255
_CANCELLED = 8
_OBEYS_IN = 3.0  # seconds
_MEMORY_PER_WORKER = 1_500_000_000  # bytes: the engine, the program and its SDKs, measured with room to spare


def default_parallelism() -> int:
    """Return how many stacks may run side by side on this machine, by its cores and its memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    # A worker waits for the cloud most of the time, so there may be more of them than cores.
    return max(1, min(2 * (os.cpu_count() or 1), memory // _MEMORY_PER_WORKER))


class Workers:
    """The processes of one run. Not thread-safe: one loop starts them and listens to them."""

    def __init__(self) -> None:
        self._context = forkserver()
        self._running: dict[Connection[str, Message], tuple[StackJob, ForkServerProcess]] = {}
        self._last_moment = math.inf

    def start(self, job: StackJob) -> None:
        """Start a process that does `job`."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(job, theirs), daemon=True)
        process.start()
        theirs.close()
        self._running[cast("Connection[str, Message]", ours)] = (job, process)

    def messages(self, seconds: float) -> Iterator[Message]:
        """Yield what the processes have to say, waiting at most `seconds` for the first word.

        A process that dies without an outcome yields one: failed.
        """
        if time.monotonic() > self._last_moment:
            for _, process in self._running.values():
                process.kill()
        for connection in wait(list(self._running), timeout=seconds):
            yield self._heard(cast("Connection[str, Message]", connection))

    def interrupt(self) -> None:
        """Ask every running stack to finish what it is doing and stop."""
        for connection in self._running:
            _tell(connection, STOP)

    def kill(self) -> None:
        """End what every running stack does at once, in the middle of it; and the process that does not obey."""
        for connection in self._running:
            _tell(connection, KILL)
        self._last_moment = time.monotonic() + _OBEYS_IN

    def _heard(self, connection: "Connection[str, Message]") -> Message:
        job, process = self._running[connection]
        try:
            message = connection.recv()
        except (EOFError, OSError):
            process.join()
            message = _died(job, process.exitcode, killed=time.monotonic() > self._last_moment)
        if isinstance(message, StackOutcome):
            del self._running[connection]
            connection.close()
            process.join()
        return message


def _tell(connection: "Connection[str, Message]", word: str) -> None:
    with suppress(OSError):  # a worker that died is heard of when it is listened to
        connection.send(word)


def _died(job: StackJob, code: int | None, *, killed: bool) -> StackOutcome:
    if killed:
        return StackOutcome(stack=job.stack, result="cancelled", reason="the run was stopped", exit_code=_CANCELLED)
    reason = f"the worker process ended without a result (exit code {code})"
    return StackOutcome(stack=job.stack, result="failed", reason=reason, exit_code=_INTERNAL)
