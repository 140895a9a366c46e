"""Where the bars of a timeline lie: pure arithmetic, in percent of the whole run."""

import dataclasses

from shared.reporting.model import RunReport, StackReport

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_TICKS = 6
_MINUTE = 60
_HOUR = 3600


@dataclasses.dataclass(frozen=True, kw_only=True)
class Span:
    """A part of the time. left and width: in percent. seconds: how long it is."""

    left: float
    width: float
    seconds: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tick:
    """A mark on the scale. left: in percent. label: like 0, 30 s, 1:30 or 2:05:00."""

    left: float
    label: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waits:
    """What a stack waited for: the stacks that it reads from, and then a free place."""

    upstreams: Span | None
    place: Span | None


def whole(report: RunReport) -> float:
    """Return how many seconds the timeline has: none of its bars ends later."""
    ends = [
        end for stack in report.stacks for end in (end_of(stack), *(step.ended or step.began for step in stack.steps))
    ]
    return max([report.seconds, *ends])


def end_of(stack: StackReport) -> float:
    """Return when a stack ended, in seconds after the run began."""
    return stack.ended if stack.ended is not None else (stack.began or 0.0) + stack.seconds


def ticks(seconds: float) -> tuple[Tick, ...]:
    """Return marks at round times, at most a handful."""
    if seconds <= 0:
        return (Tick(left=0.0, label="0"),)
    last = _STEPS[-1]
    step = next((one for one in _STEPS if seconds / one <= _TICKS), last * -(-seconds // (last * _TICKS)))
    return tuple(
        Tick(left=round(100 * number * step / seconds, 3), label=_clock(number * step))
        for number in range(int(seconds / step) + 1)
    )


def span(began: float, ended: float, seconds: float) -> Span:
    """Return the part of the time from `began` to `ended`, of `seconds` in all."""
    if seconds <= 0:
        return Span(left=0.0, width=0.0, seconds=0.0)
    left = min(100.0, max(0.0, 100 * began / seconds))
    right = min(100.0, max(left, 100 * ended / seconds))
    return Span(left=round(left, 3), width=round(right - left, 3), seconds=max(0.0, ended - began))


def stack_span(stack: StackReport, seconds: float) -> Span | None:
    """Return when a stack ran; None for one that did not."""
    return None if stack.began is None else span(stack.began, end_of(stack), seconds)


def waits(stack: StackReport, report: RunReport, seconds: float) -> Waits:
    """Return what a stack waited for before it began."""
    if stack.began is None:
        return Waits(upstreams=None, place=None)
    others = () if report.differences else stack.upstreams  # no program runs, so nobody reads from anybody
    if report.command == "destroy":
        others = tuple(one.name for one in report.stacks if stack.name in one.upstreams)
    ends = [end_of(one) for one in report.stacks if one.name in others and one.began is not None]
    ready = min(stack.began, max(ends, default=0.0))
    return Waits(
        upstreams=span(0.0, ready, seconds) if ready > 0 else None,
        place=span(ready, stack.began, seconds) if stack.began > ready else None,
    )


def _clock(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:g} s" if seconds else "0"
    whole_seconds = round(seconds)
    minutes, rest = divmod(whole_seconds, _MINUTE)
    if seconds < _HOUR:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
