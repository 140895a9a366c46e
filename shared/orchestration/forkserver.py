"""The process that workers are forked from. It has imported the SDKs, so each worker has them from its first moment.

Imports nothing heavy itself: a command starts that process before its own imports.
"""

import multiprocessing
import signal
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from typing import Final

PRELOAD: Final = "shared.orchestration.preload"
"""What it imports."""


def forkserver() -> ForkServerContext:
    """Return the context whose processes are forked from it. It starts with the first of them, if not before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOAD])
    return context


def warm_up() -> None:
    """Start it, if it does not run yet: it imports while the caller goes on."""
    forkserver()
    # It inherits this, so that Ctrl-C while it imports does not print its traceback.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
