"""Watch whether a lease moves."""


class Watch:
    """For how long a lease has not moved, by the watcher's own clock. Whether it moved is all that is asked of it."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._seen = 0.0

    def unmoved(self, version: str, *, asked: float, answered: float) -> float:
        """Return for how many seconds at least `version` has been the lease's.

        asked, answered: the moments before and after it was read just now.
        """
        if version != self._version:
            self._version, self._seen = version, answered
        return max(0.0, asked - self._seen)
