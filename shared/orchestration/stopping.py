"""Why a run is to stop: somebody wants it, or it may not go on."""

import time
from collections.abc import Callable
from typing import Final

GRACE: Final = 10.0
"""Seconds from a lease's loss until what still runs is ended: somebody else may then work on the environment."""

_ASKED: Final = "the run was stopped"


class Stopping:
    """Asked by a run between two steps. interrupted: whether there is a signal that it was not asked about yet.

    lost: why the environment is not this run's alone any more, empty while it is. clock: seconds.
    """

    def __init__(
        self, interrupted: Callable[[], bool], lost: Callable[[], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interrupted = interrupted
        self._lost = lost
        self._clock = clock
        self._lost_at: float | None = None
        self._insisted = False

    def requested(self) -> str:
        """Return why to stop: once for each signal, at a loss, and again GRACE seconds after it; empty to go on."""
        if not self._insisted and (reason := self._lost()) and self._is_time():
            return reason
        return _ASKED if self._interrupted() else ""

    def _is_time(self) -> bool:
        if self._lost_at is None:
            self._lost_at = self._clock()
            return True
        self._insisted = self._clock() - self._lost_at >= GRACE
        return self._insisted
