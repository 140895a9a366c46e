"""Why a run is to stop: somebody wants it, or it may not go on."""

from collections.abc import Callable

_ASKED = "the run was stopped"


class Stopping:
    """Asked by a run between two steps. interrupted: whether a signal came since it was asked last.

    lost: why the environment is not this run's alone any more, empty while it is.
    """

    def __init__(self, interrupted: Callable[[], bool], lost: Callable[[], str]) -> None:
        self._interrupted = interrupted
        self._lost = lost
        self._told = False

    def requested(self) -> str:
        """Return why to stop, once for each signal and once for a loss; empty to go on."""
        if not self._told and (reason := self._lost()):
            self._told = True
            return reason
        return _ASKED if self._interrupted() else ""
