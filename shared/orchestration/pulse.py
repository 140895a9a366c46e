"""Whether an operation on a stack still gets on: what it has begun, and when anything was heard of it last."""

import threading
import time
from collections.abc import Callable

from shared.orchestration.resource_steps import ResourceStep

_DOING = {"create": "made", "create-replacement": "made", "delete": "deleted", "delete-replaced": "deleted"}


class Pulse:
    """Thread-safe. clock: seconds, as time.monotonic() has them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard = clock()
        self._open: dict[str, ResourceStep] = {}

    def restart(self) -> None:
        """Take note that an operation begins: what an earlier one left open counts no more."""
        with self._lock:
            self._heard = self._clock()
            self._open = {}

    def beat(self) -> None:
        """Take note that the engine said something."""
        with self._lock:
            self._heard = self._clock()

    def step(self, step: ResourceStep) -> None:
        """Take note of a step on a resource."""
        with self._lock:
            key = step.urn
            if step.state == "begun":
                self._open.setdefault(key, step)
            else:
                self._open.pop(key, None)

    def overdue(self, limit: float) -> str:
        """Return a clause on what takes longer than `limit` seconds, such as a resource; empty where nothing does."""
        with self._lock:
            now = self._clock()
            oldest = min(self._open.values(), key=lambda step: step.at, default=None)
            if oldest and now - oldest.at > limit:
                doing = _DOING.get(oldest.operation, "worked on")
                return f"{oldest.name} ({oldest.type}) has been {doing} for {_minutes(now - oldest.at)}"
            return f"nothing has happened for {_minutes(now - self._heard)}" if now - self._heard > limit else ""


def _minutes(seconds: float) -> str:
    minute = 60
    return f"{seconds:.0f} seconds" if seconds < 2 * minute else f"{seconds / minute:.0f} minutes"
