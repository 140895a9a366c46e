"""How long what takes, and the clock by which that is told."""

import dataclasses
import time
from collections.abc import Callable


@dataclasses.dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds. heartbeat: between two signs of life; time_to_live: after which one without them counts as dead.

    poll: between two looks of who waits.
    """

    heartbeat: float = 15
    time_to_live: float = 60
    poll: float = 1

    @property
    def lost_after(self) -> float:
        """Return after how long without a heartbeat that was written an owner gives up, before others may take over."""
        return self.time_to_live - self.heartbeat


def _always() -> float:
    """Return the seconds since the machine was started, those asleep among them, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clock:
    """Seconds of clocks that nobody sets, so that a change of the time of day changes nothing.

    awake: of who waits; it stands still while the machine sleeps, so that nobody is taken for dead who was not watched.
    always: of the owner; it goes on while the machine sleeps, so that an owner that slept too long knows it.
    """

    awake: Callable[[], float] = time.monotonic
    always: Callable[[], float] = _always
    sleep: Callable[[float], None] = time.sleep
