"""A run hears why it is to stop: once for each signal, and twice where the environment is not its own any more."""

from shared.lease.timing import Timing
from shared.orchestration.stopping import GRACE, Stopping


def test_nothing_is_no_reason() -> None:
    assert Stopping(lambda: False, lambda: "").requested() == ""


def test_each_signal_counts_and_a_loss_once() -> None:
    signals = iter([False, True, False, True, False])
    losses = iter(["", "", "", "it was lost", "it was lost"])
    stopping = Stopping(lambda: next(signals), lambda: next(losses, "it was lost"))
    said = [stopping.requested() for _ in range(6)]
    assert said == ["", "the run was stopped", "", "it was lost", "the run was stopped", ""]


def test_a_loss_is_said_again_while_the_next_owner_still_waits() -> None:
    times = iter([0.0, GRACE - 1, GRACE, GRACE + 1])
    stopping = Stopping(lambda: False, lambda: "it was lost", clock=lambda: next(times))
    assert [stopping.requested() for _ in range(5)] == ["it was lost", "", "it was lost", "", ""]
    assert Timing().lost_after + GRACE < Timing().time_to_live
