"""Ask the person at the keyboard. Questions go to standard error: standard output is for results."""

import sys
import termios


def agreed(question: str) -> bool:
    """Return whether the answer to `question` is yes."""
    return _answer(f"{question} [y/N] ").lower() in {"y", "yes"}


def named(question: str, name: str) -> bool:
    """Return whether the answer to `question` is exactly `name`."""
    return _answer(question) == name


def _answer(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    if sys.stdin.isatty():
        termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question does not answer it
    return sys.stdin.readline().strip()
