"""Plain YAML: mappings, sequences and scalars, nothing that hides a value from the eye of a reviewer.

Anchors, aliases, merge keys and tags are refused, and so is a key that appears twice.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

_DEEPEST = 20
# What the library's constructors raise on values such as 2028-13-45 or a number of 5,000 digits.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class PlainYamlError(Exception):
    """A text is not plain YAML. key: where, dotted; line: counted from 1, 0 if unknown; problem and fix: sentences."""

    def __init__(self, *, key: str, line: int, problem: str, fix: str) -> None:
        self.key = key
        self.line = line
        self.problem = problem
        self.fix = fix
        super().__init__(f"{key} (line {line}): {problem}; {fix}")


@dataclasses.dataclass(kw_only=True)
class _Collection:
    """A mapping or a sequence that is being read."""

    path: str
    mapping: bool
    keys: set[str] = dataclasses.field(default_factory=set[str])
    key: str | None = None
    length: int = 0

    @property
    def place(self) -> str:
        """The path of the node that comes next."""
        return self.path if self.key is None else _joined(self.path, self.key)


def read_plain_yaml(text: str) -> object:
    """Return what `text` says: mappings, lists, texts, numbers, booleans, dates, None. Raises PlainYamlError."""
    try:
        scalars = _checked(_yaml().parse(text))
        try:
            return _yaml().load(text)
        except _UNREADABLE:
            raise _unreadable(scalars) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PlainYamlError(key="", line=line, problem=_one_line(error.problem), fix="correct the YAML") from None
    except YAMLError as error:
        raise PlainYamlError(key="", line=0, problem=_one_line(error), fix="correct the YAML") from None


def _yaml() -> Any:  # the library's methods are only partly typed
    return YAML(typ="safe", pure=True)


def _one_line(problem: object) -> str:
    return " ".join(str(problem or "is not YAML").split())


def _checked(events: Iterable[Event]) -> list[tuple[str, ScalarEvent]]:
    """Return all scalar values with their dotted keys. Raises PlainYamlError."""
    opened: list[_Collection] = []
    scalars: list[tuple[str, ScalarEvent]] = []
    documents = 0
    for event in events:
        documents += isinstance(event, DocumentStartEvent)
        if documents > 1:
            raise _refused("", event, "a second document begins", "keep one document in a file")
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        if not isinstance(event, NodeEvent):
            continue
        inside = opened[-1] if opened else None
        _check_node(inside.place if inside else "", event)
        path = _step(inside, event) if inside else ""
        if path is None:
            continue
        if isinstance(event, CollectionStartEvent):
            opened.append(_Collection(path=path, mapping=isinstance(event, MappingStartEvent)))
            if len(opened) > _DEEPEST:
                raise _refused("", event, f"sections lie more than {_DEEPEST} deep", "flatten the file")
        elif isinstance(event, ScalarEvent):
            scalars.append((path, event))
    return scalars


def _step(inside: _Collection, event: NodeEvent) -> str | None:
    """Return the path of a value, or None for a key, which is remembered for the value that follows."""
    if not inside.mapping:
        inside.length += 1
        return _joined(inside.path, str(inside.length - 1))
    if inside.key is not None:
        path, inside.key = inside.place, None
        return path
    if not isinstance(event, ScalarEvent):
        raise _refused(inside.path, event, "a key is not text", "use plain keys")
    key = str(event.value)
    path = _joined(inside.path, key)
    if key == "<<":
        raise _refused(path, event, "merge keys hide where a value comes from", "write the keys out")
    if key in inside.keys:
        raise _refused(path, event, "appears twice", "remove one of the two")
    inside.keys.add(key)
    inside.key = key
    return None


def _check_node(path: str, event: NodeEvent) -> None:
    if isinstance(event, AliasEvent) or event.anchor is not None:
        raise _refused(path, event, "anchors and aliases hide where a value comes from", "write the value out")
    if getattr(event, "tag", None) is not None:
        raise _refused(path, event, "tags such as !name are not used here", "remove the tag")
    if isinstance(event, ScalarEvent) and not _is_text(str(event.value)):
        raise _refused(path, event, "holds half of a surrogate pair, which is no character", "remove it")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _joined(path: str, key: str) -> str:
    shown = key if key.isprintable() else ascii(key)
    return f"{path}.{shown}" if path else shown


def _refused(key: str, event: Event, problem: str, fix: str) -> PlainYamlError:
    return PlainYamlError(key=key, line=_line(event), problem=problem, fix=fix)


def _line(event: Event) -> int:
    mark: Any = event.start_mark
    return mark.line + 1 if mark else 0


def _unreadable(scalars: Iterable[tuple[str, ScalarEvent]]) -> PlainYamlError:
    """Return the error of the one scalar that the library cannot turn into a value."""
    for path, event in scalars:
        try:
            if event.style is None:
                _yaml().load(str(event.value))
        except _UNREADABLE as error:
            return _refused(path, event, f"is no value ({_one_line(error)[:80]})", "correct it, or quote it as text")
        except YAMLError:
            continue
    return PlainYamlError(key="", line=0, problem="holds a value that YAML cannot read", fix="quote it as text")
