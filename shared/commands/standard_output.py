"""Standard output, and what becomes of a command whose output nobody takes."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType


class OutputClosedError(Exception):
    """Standard output takes nothing more. problem: why."""

    def __init__(self, *, problem: str) -> None:
        self.problem = problem
        super().__init__(f"standard output takes nothing more ({problem}); print it again where it does")


def put(text: str) -> None:
    """Print a text as it is. Raises OutputClosedError."""
    with _taken():
        sys.stdout.write(text)
        sys.stdout.flush()


def show(content: "RenderableType") -> None:
    """Print a table or a tree, as wide as the terminal. Raises OutputClosedError."""
    from shared.reporting.terminal import console

    with _taken():
        console(sys.stdout).print(content, soft_wrap=False)


@contextmanager
def _taken() -> Generator[None]:
    try:
        yield
    except (OSError, SystemExit) as error:  # Rich ends the process where nobody reads
        _let_go()
        problem = str(error.strerror).lower() if isinstance(error, OSError) else "nobody reads it"
        raise OutputClosedError(problem=problem) from None


def _let_go() -> None:
    """Send what is left elsewhere: Python would complain about it at the end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
