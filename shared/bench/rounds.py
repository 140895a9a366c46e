"""Measure in rounds: whatever slows the machine for a while slows a budget and its baseline alike."""

from collections.abc import Callable, Sequence

from shared.bench.arithmetic import is_met, spread
from shared.bench.group import Group, Reading, Readings, RowPlan
from shared.bench.report import Row, Series


def measure(groups: Sequence[Group], repeat: int, say: Callable[[str], None]) -> tuple[Readings, ...]:
    """Run every probe once in each of `repeat` rounds, and return what each round read.

    Every second round goes backwards, so that nothing is always the first. Probes that groups share are run once.
    """
    probes = list({probe.name: probe for group in groups for probe in group.probes}.values())
    rounds: list[Readings] = []
    for number in range(repeat):
        readings: dict[str, float] = {}
        for probe in probes if number % 2 == 0 else reversed(probes):
            say(f"round {number + 1} of {repeat}: {probe.name}")
            readings.update(probe.run())
        rounds.append(readings)
    return tuple(rounds)


def row_of(plan: RowPlan, rounds: Sequence[Readings]) -> Row:
    """Return the row of what the rounds read, of which there is at least one."""
    measured, baseline = (_samples(reading, rounds) for reading in (plan.measured, plan.baseline))
    figure = spread([plan.figure(*pair) for pair in zip(measured, baseline, strict=True)])
    return Row(
        name=plan.name,
        what=plan.what,
        unit=plan.unit,
        figure=figure,
        limit=plan.limit,
        met=is_met(plan.limit, figure),
        measured=_series(plan.measured, measured),
        baseline=_series(plan.baseline, baseline),
    )


def _samples(reading: Reading, rounds: Sequence[Readings]) -> list[float]:
    return [found[reading.key] / reading.per for found in rounds]


def _series(reading: Reading, samples: Sequence[float]) -> Series:
    rounded = tuple(round(sample, 3) for sample in samples)
    return Series(what=reading.what, unit=reading.unit, samples=rounded, **spread(samples).model_dump())
