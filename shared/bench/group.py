"""Budgets that are measured together: what is run in a round, and the rows that come of it."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Literal

from shared.bench.arithmetic import Figure
from shared.bench.report import Limit, Unit

# What one run of something came to: numbers by the name of what they are of.
Readings = Mapping[str, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Probe:
    """Something that is run and measured once in every round. name: in words, for progress."""

    name: str
    run: Callable[[], Readings]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """One number of every round. key: as a probe calls it; what: in words; unit: after dividing by `per`."""

    key: str
    what: str
    unit: Unit = "s"
    per: float = 1.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowPlan:
    """How a row comes of the readings. figure: of `measured` and `baseline` of the same round; unit: its."""

    name: str
    what: str
    measured: Reading
    baseline: Reading
    figure: Figure
    limit: Limit | None
    unit: Literal["s", "ratio"] = "ratio"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """Budgets that share what is run. probes: each run once in every round."""

    probes: tuple[Probe, ...]
    rows: tuple[RowPlan, ...]
