"""One operation on one stack, in a process of its own: the stack's `__main__.py` runs inline under the engine.

Lazy loading of the SDKs is not thread-safe and their runtime has global state, so a stack never shares a process.
"""

import gc
import os
import runpy
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Protocol

from shared.orchestration.engine_watch import PATIENCE
from shared.orchestration.forkserver import PRELOAD
from shared.orchestration.job import Message, StackJob, StackOutcome

if TYPE_CHECKING:
    from shared.orchestration.stack_work import StackWork

STOP = "stop"
KILL = "kill"

_INTERNAL = 255


class Stoppable(Protocol):
    """What can be asked to stop; see shared.orchestration.stack_work.StackWork."""

    def interrupt(self) -> None:
        """Finish what is being done and stop."""
        ...

    def kill(self) -> None:
        """Stop at once."""
        ...


def work(job: StackJob, connection: "Connection[Message, str]") -> None:
    """Do `job` and send what happens through `connection`; its last message is the outcome.

    The other end asks for an orderly stop by sending STOP, for one at once by sending KILL, and for an orderly one that
    takes no longer than an engine without its starter may by closing.
    """
    # Ctrl-C on a terminal reaches every process; only the orchestrator answers it. Not SIG_IGN: engines inherit that.
    signal.signal(signal.SIGINT, lambda *_: None)
    # Said of an engine that was killed, among the results: how that ended is in the outcome.
    warnings.filterwarnings("ignore", message="Error in event stream", category=UserWarning)
    lock = threading.Lock()

    def send(message: Message) -> None:
        # Nobody listens any more where the orchestrator died; what is left to do here is to stop.
        with lock, suppress(BrokenPipeError):
            connection.send(message)

    if PRELOAD not in sys.modules:  # the forkserver swallows the ImportError of a module that it cannot find
        reason = f"the worker process lacks {PRELOAD}: set .venv up again with ./inv --list"
        send(StackOutcome(stack=job.stack, result="failed", reason=reason, exit_code=_INTERNAL))
        return
    sys.path.insert(0, str(job.root))
    os.chdir(job.work_dir)
    gc.disable()  # it does one thing and is gone: at 70 resources that saves a fifth of a second, and costs 5 MB
    started = time.monotonic()
    from shared.orchestration.operations import OPERATIONS
    from shared.orchestration.sdk_chores import leave_out_chores

    leave_out_chores()
    operation = OPERATIONS[job.operation](job, send, program_of(job))
    threading.Thread(target=_await_stop, args=(connection, operation), daemon=True).start()
    send(_outcome(job, operation, started))


def _outcome(job: StackJob, operation: "StackWork", started: float) -> StackOutcome:
    try:
        return operation.run(started)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return StackOutcome(stack=job.stack, result="failed", reason=reason, exit_code=_INTERNAL)


def program_of(job: StackJob) -> Callable[[], None]:
    """Return what the engine runs inline: the same `__main__.py` that `pulumi up` runs in the stack's folder."""

    def program() -> None:
        runpy.run_path(str(job.main), run_name="__main__")

    return program


def _await_stop(connection: "Connection[Message, str]", operation: "Stoppable", patience: float = PATIENCE) -> None:
    asked = False
    with suppress(EOFError, OSError):
        if connection.recv() == STOP:
            asked = True  # once: to be asked twice means to the engine what KILL means here
            operation.interrupt()
            connection.recv()
        operation.kill()
        return
    # The orchestrator died: no engine stays running without it.
    if not asked:
        operation.interrupt()
    time.sleep(patience)
    operation.kill()
