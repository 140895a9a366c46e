"""Texts of others, as they may be shown anywhere: without what steers a terminal and what no document may hold."""

import re

# "Control Functions for Coded Character Sets" (ECMA-48): CSI sequences, OSC sequences, other escapes.
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?")
# What "Extensible Markup Language (XML) 1.0", section 2.2, has no characters for, and the C1 controls.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# They turn the direction of what follows, so that a text reads as another one ("Unicode Bidirectional Algorithm").
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def plain(text: str) -> str:
    """Return a text without escape sequences, control characters and marks that turn its direction."""
    return _TURNING.sub("", _FORBIDDEN.sub("", _ESCAPES.sub("", text)))


def one_line(text: str) -> str:
    """Return a plain text with every run of white space as one space."""
    return " ".join(plain(text).split())
