"""A run hears why it is to stop: once for each signal, and once where the environment is not its own any more."""

from shared.orchestration.stopping import Stopping


def test_nothing_is_no_reason() -> None:
    assert Stopping(lambda: False, lambda: "").requested() == ""


def test_each_signal_counts_and_a_loss_once() -> None:
    signals = iter([False, True, False, True, False])
    losses = iter(["", "", "", "it was lost", "it was lost"])
    stopping = Stopping(lambda: next(signals), lambda: next(losses, "it was lost"))
    said = [stopping.requested() for _ in range(6)]
    assert said == ["", "the run was stopped", "", "it was lost", "the run was stopped", ""]
