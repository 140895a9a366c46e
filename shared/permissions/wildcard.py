"""Patterns with wildcards, as Azure and AWS write them."""

import functools
import re


@functools.cache
def _expression(pattern: str, *, any_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if any_case else 0))


def matches(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Tell whether the whole `text` fits `pattern`: * is any text, slashes and colons too, ? is any one letter."""
    return _expression(pattern, any_case=any_case).fullmatch(text) is not None
