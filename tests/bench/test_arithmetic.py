"""From samples to a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bench.arithmetic import is_met, itself, ratio, share_of_ideal, spread
from shared.bench.report import Limit, Spread


def test_a_spread_is_median_least_and_greatest() -> None:
    assert spread([3.0, 1.0, 2.0]) == Spread(median=2.0, min=1.0, max=3.0)
    assert spread([1.0, 2.0]) == Spread(median=1.5, min=1.0, max=2.0)
    assert spread([0.12349]) == Spread(median=0.123, min=0.123, max=0.123)


@given(st.lists(st.floats(min_value=0, max_value=10_000), min_size=1))
def test_a_median_lies_between_least_and_greatest_whatever_the_order(samples: list[float]) -> None:
    found = spread(samples)
    assert found.min <= found.median <= found.max
    assert spread(sorted(samples)) == spread(list(reversed(samples))) == found


@pytest.mark.parametrize(
    ("limit", "median", "met"),
    [
        (Limit(kind="at most", value=0.6), 0.6, True),
        (Limit(kind="at most", value=0.6), 0.601, False),
        (Limit(kind="at least", value=0.8), 0.8, True),
        (Limit(kind="at least", value=0.8), 0.799, False),
        (None, 5.0, None),
    ],
)
def test_the_median_decides(limit: Limit | None, median: float, met: bool | None) -> None:
    assert is_met(limit, Spread(median=median, min=0.0, max=99.0)) is met


def test_figures() -> None:
    assert itself(0.25, 99.0) == 0.25
    assert ratio(3.0, 4.0) == 0.75


def test_a_graph_that_keeps_every_core_busy_with_previews_only_reaches_its_ideal() -> None:
    # 100 previews of 0.5 CPU seconds on 2 cores that do nothing else take 25 s.
    assert share_of_ideal(100, 2)(25.0, 0.5) == pytest.approx(1.0)
    assert share_of_ideal(100, 2)(50.0, 0.5) == pytest.approx(0.5)
    assert share_of_ideal(100, 4)(25.0, 0.5) == pytest.approx(0.5)
