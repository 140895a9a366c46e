"""Ctrl-C and SIGTERM as a question that the run asks between two steps, so that neither can tear a step apart."""

import signal
from types import FrameType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Notes the signals that arrive while it is entered. Only for the main thread."""

    def __init__(self) -> None:
        self._noted = 0
        self._answered = 0

    def __enter__(self) -> Self:
        """Begin to note signals."""
        self._before = {number: signal.signal(number, self._note) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        """Let signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def requested(self) -> bool:
        """Return whether there is a signal that this was not asked about yet; each counts once."""
        new = self._noted > self._answered
        self._answered += new
        return new

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._noted += 1
