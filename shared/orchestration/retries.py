"""How long to wait before something that failed for a while only is tried again. Pure.

Exponential back-off with equal jitter ("Exponential Backoff And Jitter", AWS Architecture Blog): stacks that were
throttled together do not come back together.
"""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Patience:
    """How often and how long something is tried. Times are seconds.

    attempts: all of them, the first included. first: the longest first wait; each next one may be twice as long, up to
    longest. total: of all waits together.
    """

    attempts: int = 8
    first: float = 10.0
    longest: float = 120.0
    total: float = 900.0

    def pause(self, retries: int, waited: float, chance: float) -> float | None:
        """Return how long to wait now; None where it has been enough.

        retries: how often it was tried again already; waited: for how long, in all; chance: from 0 to 1.
        """
        left = self.total - waited
        if retries + 1 >= self.attempts or left <= 0:
            return None
        most = min(self.longest, self.first * 2**retries)
        return min(left, most / 2 + chance * most / 2)


REAL = Patience()
"""Of real clouds: a new role takes up to ten minutes to be known everywhere ("Troubleshoot Azure RBAC")."""

SIMULATED = Patience(first=0.2, longest=1.0, total=30.0)
"""Of the sandbox, whose clouds have no time of their own to wait for."""

TIME_LIMIT = 9000.0
"""Seconds that one resource may take: the providers themselves give up after two hours, where a resource has no time
of its own (Pulumi issue 8500), and their own error is better than ours."""
