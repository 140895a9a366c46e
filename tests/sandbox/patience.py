"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from typing import Final

LONGEST: Final = 30.0
"""Seconds after which a test gives up."""


def until(holds: Callable[[], bool], longest: float = LONGEST) -> None:
    """Wait until something holds. Fails after `longest` seconds."""
    end = time.monotonic() + longest
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
