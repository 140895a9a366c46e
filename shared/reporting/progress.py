"""Progress of a run on standard error: a live table on a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import IO, Self

from rich.live import Live
from rich.table import Table

from shared.orchestration.job import StackOutput, StackProgress
from shared.orchestration.run import Event
from shared.reporting.progress_lines import change_line, progress_table, still_line
from shared.reporting.progress_view import run_view
from shared.reporting.terminal import console

QUIET_SECONDS = 30.0
"""How long a log is silent at most, so that nobody takes a long wait for the end."""
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_UNKNOWN: Mapping[str, int] = MappingProxyType({})


class Progress:
    """Shows a run while it goes on. Use as a context manager; `hear` takes the run's events, `tick` the time.

    title: what runs, such as "deploy of prod". planned: whether these are previews. waits: for each stack the stacks
    that it waits for. expected: how many resources each stack has. clock: seconds, as time.monotonic() has them.
    """

    def __init__(
        self,
        stacks: tuple[str, ...],
        *,
        planned: bool,
        title: str = "",
        waits: Mapping[str, tuple[str, ...]] = _NONE,
        expected: Mapping[str, int] = _UNKNOWN,
        stream: IO[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        target: IO[str] = sys.stderr if stream is None else stream
        self._console = console(target)
        self._title = title
        self._clock = clock
        self._spoke = clock()
        self._view = run_view(stacks, began=clock(), updates=not planned, waits=waits, expected=expected)
        live = target.isatty() and self._console.is_interactive
        # The table is made when it is drawn: the clocks in it go on while nothing is heard.
        self._live = Live(get_renderable=self._table, console=self._console, transient=True) if live else None

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        elif self._title:
            self._say(f"{self._title}:")
        return self

    def __exit__(self, *_: object) -> None:
        """Take the live table away: the result follows on standard output."""
        if self._live:
            self._live.stop()

    def hear(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, StackOutput):
            self._say(f"{event.stack}: {event.line}")
            return
        self._view = self._view.heard(event, self._clock())
        if not self._live and not isinstance(event, StackProgress):
            self._say(change_line(self._view, event.stack))

    def tick(self) -> None:
        """Say in a log that the run still goes on, where nothing was said for long. Call it a few times a second."""
        now = self._clock()
        if self._live or now - self._spoke < QUIET_SECONDS:
            return
        self._spoke = now
        if line := still_line(self._view, now):
            self._say(line)

    def _say(self, line: str) -> None:
        self._spoke = self._clock()
        self._console.print(line, markup=False)

    def _table(self) -> Table:
        size = self._console.size
        plain = self._console.options.ascii_only
        return progress_table(
            self._view, title=self._title, now=self._clock(), width=size.width, height=size.height, plain=plain
        )
