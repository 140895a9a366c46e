"""From samples to a verdict: pure."""

import statistics
from collections.abc import Callable, Sequence

from shared.bench.report import Limit, Spread

Figure = Callable[[float, float], float]
_DIGITS = 3


def spread(samples: Sequence[float]) -> Spread:
    """Return median, least and greatest of `samples`, of which there is at least one."""
    return Spread(
        median=round(statistics.median(samples), _DIGITS),
        min=round(min(samples), _DIGITS),
        max=round(max(samples), _DIGITS),
    )


def is_met(limit: Limit | None, figure: Spread) -> bool | None:
    """Return whether the median keeps the limit; None where there is no limit."""
    if limit is None:
        return None
    return figure.median <= limit.value if limit.kind == "at most" else figure.median >= limit.value


def itself(measured: float, _baseline: float) -> float:
    """Return what was measured: for budgets in seconds, whose baseline only says how quick the machine is."""
    return measured


def ratio(measured: float, baseline: float) -> float:
    """Return how many times the baseline was measured. baseline: above zero."""
    return measured / baseline


def share_of_ideal(stacks: int, cores: int) -> Figure:
    """Return the figure of a graph: of the stacks per second that the cores could do, the part that was reached.

    What is measured is the seconds of `stacks` previews, the baseline the CPU seconds of one alone: `cores` cores that
    do nothing else preview cores / CPU seconds in a second.
    """

    def figure(seconds: float, cpu_seconds: float) -> float:
        return (stacks / seconds) / (cores / cpu_seconds)

    return figure
