"""The report of `invoke bench`. Times are in seconds of the clock, unless a unit says otherwise."""

from typing import Literal

from shared.reporting.model import Record

SCHEMA_VERSION: Literal[1] = 1

Unit = Literal["s", "CPU s", "MB", "s each"]


class Spread(Record):
    """How samples lie."""

    median: float
    min: float
    max: float


class Series(Spread):
    """What was sampled, once in every round. Both series of a row have their samples in the order of the rounds."""

    what: str
    """What was run, in words."""
    unit: Unit
    samples: tuple[float, ...]


class Limit(Record):
    """What a figure must keep to."""

    kind: Literal["at most", "at least"]
    value: float


class Row(Record):
    """One budget, and what was measured of it."""

    name: str
    what: str
    """What is measured, and against what, in one sentence."""
    unit: Literal["s", "ratio"]
    """Of the figure and its limit. A ratio is taken within each round."""
    figure: Spread
    limit: Limit | None
    """None where a row only shows how cost grows."""
    met: bool | None
    """Whether the figure's median keeps the limit; None without one."""
    measured: Series
    baseline: Series


class Machine(Record):
    """Where it was measured."""

    system: str
    cores: int
    memory_bytes: int
    python: str
    engine: str
    load: float
    """Processes that wanted to run when it began, averaged over a minute (os.getloadavg): of an idle machine near 0."""


class BenchReport(Record):
    """What a machine makes of the budgets."""

    schema_version: Literal[1]
    command: Literal["bench"]
    repeat: int
    """How many rounds there were."""
    seconds: float
    machine: Machine
    met: bool
    """Whether every limit among the rows is kept."""
    rows: tuple[Row, ...]
