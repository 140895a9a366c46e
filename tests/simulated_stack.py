"""A Pulumi stack that exists in this process only, and leaves nothing behind for the next test."""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from pulumi.runtime import Mocks, mocks, reset_options


@contextmanager
def simulated_stack(
    cloud: Mocks,
    *,
    project: str,
    stack: str,
    preview: bool = False,
    monitor: mocks.MockMonitor | None = None,
) -> Generator[None]:
    """Let a program run in a stack whose providers are `cloud`. monitor: one that sees more, made with that cloud."""
    with _own_event_loops():
        reset_options()  # a root resource that is left from another run would keep that run's transformations
        mocks.set_mocks(cloud, project=project, stack=stack, preview=preview, monitor=monitor)
        try:
            yield
        finally:
            reset_options()


@contextmanager
def _own_event_loops() -> Generator[None]:
    # Pulumi leaves tasks on the running loop, and a loop in each of its threads: all of them are closed here.
    loops = [asyncio.new_event_loop()]

    def begin_thread() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    main = loops[0]
    main.set_exception_handler(lambda *_: None)  # what a broken promise leaves behind is not news
    threads = ThreadPoolExecutor(initializer=begin_thread)
    main.set_default_executor(threads)
    asyncio.set_event_loop(main)
    try:
        yield
    finally:
        pending = asyncio.all_tasks(main)
        for task in pending:
            task.cancel()
        main.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        threads.shutdown()
        for loop in loops:
            loop.close()
        asyncio.set_event_loop(None)
