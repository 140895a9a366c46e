"""Conditions of Azure role assignments: read and evaluated.

The language is that of Microsoft's "Azure role assignment condition format and syntax", as far as it is used to limit
who grants what: ActionMatches, attributes of @Request and @Resource, and sets of texts and GUIDs.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Final

from shared.permissions.errors import UnknownGrantError
from shared.permissions.wildcard import matches


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What a condition looks at. attributes: by source and name, e.g. "@Request[...:PrincipalType]"."""

    action: str
    attributes: Mapping[str, str]


Test = Callable[[Asked], bool]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<symbol>[(){},!]|&&|\|\|)|'(?P<text>[^']*)'|(?P<attribute>@\w+\[[^\]]+\])|(?P<word>[\w:./-]+))"
)
_ANY: Final = "ForAnyOfAnyValues:"
_NONE: Final = "ForAnyOfAllValues:"


def condition_test(text: str) -> Test:
    """Return the test that a condition's text describes. Raises UnknownGrantError for what is not understood."""
    reader = _Reader(text)
    test = reader.alternatives()
    if reader.rest:
        raise reader.unknown(reader.rest[0][1])
    return test


class _Reader:
    """Reads one condition, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.rest = list(self._tokens())

    def alternatives(self) -> Test:
        tests = [self._together()]
        while self._take("OR", "||"):
            tests.append(self._together())
        return lambda asked: any(test(asked) for test in tests)

    def unknown(self, what: str) -> UnknownGrantError:
        return UnknownGrantError(where=f"the condition {self._text!r}", what=what or "its end")

    def _together(self) -> Test:
        tests = [self._one()]
        while self._take("AND", "&&"):
            tests.append(self._one())
        return lambda asked: all(test(asked) for test in tests)

    def _one(self) -> Test:
        if self._take("!", "NOT"):
            test = self._one()
            return lambda asked: not test(asked)
        if self._take("("):
            test = self.alternatives()
            self._expect(")")
            return test
        if self._take("ActionMatches"):
            (pattern,) = self._values()
            return lambda asked: matches(pattern, asked.action, any_case=True)
        return self._comparison()

    def _comparison(self) -> Test:
        kind, attribute = self._next()
        _, operator = self._next()
        if kind != "attribute":
            raise self.unknown(attribute)
        values = frozenset(value.lower() for value in self._values())
        found: dict[str, Callable[[str], bool]] = {
            f"{_ANY}GuidEquals": lambda value: value in values,
            f"{_ANY}StringEqualsIgnoreCase": lambda value: value in values,
            f"{_NONE}GuidNotEquals": lambda value: value not in values,
            "GuidEquals": lambda value: value in values,
            "StringEqualsIgnoreCase": lambda value: value in values,
        }
        compare = found.get(operator)
        if compare is None:
            raise self.unknown(operator)
        # An attribute that is not there fits nothing.
        return lambda asked: attribute in asked.attributes and compare(asked.attributes[attribute].lower())

    def _values(self) -> list[str]:
        if not self._take("{"):
            return [self._next()[1]]
        values = [self._next()[1]]
        while self._take(","):
            values.append(self._next()[1])
        self._expect("}")
        return values

    def _take(self, *symbols: str) -> bool:
        if self.rest and self.rest[0][0] in ("symbol", "word") and self.rest[0][1] in symbols:
            del self.rest[0]
            return True
        return False

    def _expect(self, symbol: str) -> None:
        if not self._take(symbol):
            raise self.unknown(self.rest[0][1] if self.rest else "")

    def _next(self) -> tuple[str, str]:
        if not self.rest:
            raise self.unknown("")
        return self.rest.pop(0)

    def _tokens(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        text = self._text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise UnknownGrantError(where=f"the condition {self._text!r}", what=text[at:])
            tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        return tokens
