"""Wait for what happens in another thread or process."""

import time
from collections.abc import Callable


def until(happened: Callable[[], object], *, seconds: float = 30) -> None:
    """Return when `happened` says something true. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
