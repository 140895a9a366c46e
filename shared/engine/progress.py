"""Lines of progress."""

from collections.abc import Callable

Report = Callable[[str], None]
"""Receives one line of progress, without a line break."""

_SECONDS_BETWEEN = 15


class Heartbeat:
    """Reports, at most every 15 s, that something is still going on. what: it, such as "building the engine"."""

    def __init__(self, report: Report, what: str) -> None:
        self._report = report
        self._what = what
        self._next = float(_SECONDS_BETWEEN)

    def __call__(self, elapsed: float) -> None:
        """Report where it is time to. elapsed: seconds since it began."""
        if elapsed >= self._next:
            self._next = elapsed + _SECONDS_BETWEEN
            self._report(f"still {self._what} ({elapsed:.0f} s) ...")


def silent(_elapsed: float) -> None:
    """Report nothing: for what takes no time."""
