"""One sentence for what pydantic found wrong: which key, what is wrong, what to do."""

import datetime
import difflib
import re
import typing
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.environment.errors import EnvironmentFileError
from shared.environment.section import RULE

_SCHEMA = "see environments/schema.json for what is allowed"
_UNKNOWN = {"extra_forbidden", "invalid_key"}
_TYPES = {
    "bool_type": "true or false",
    "date_type": "a date such as 2028-01-31, without quotes",
    "dict_type": "a section of keys",
    "float_type": "a number",
    "int_type": "a whole number",
    "mapping_type": "a section of keys",
    "model_type": "a section of keys",
    "string_type": "text",
    "uuid_type": "a GUID",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false without quotes"),
    (str, "text"),
    (int, "a whole number"),
    (float, "a number with a fraction"),
    (datetime.datetime, "a date with a time"),
    (datetime.date, "a date"),
    (Mapping, "a section of keys"),
    (Sequence, "a list"),
)


def first_problem(path: str, model: type[BaseModel], error: ValidationError) -> EnvironmentFileError:
    """Return the problem to solve first. An unknown key comes before a missing one: it is often the same, misspelt."""
    problems = error.errors(include_url=False)
    first = next((problem for problem in problems if problem["type"] in _UNKNOWN), problems[0])
    location = tuple(str(part) for part in first["loc"] if part != "[key]")
    key, problem, fix = _sentence(model, location, first)
    return EnvironmentFileError(path=path, key=key, problem=problem, fix=fix)


def _sentence(model: type[BaseModel], location: tuple[str, ...], error: ErrorDetails) -> tuple[str, str, str]:
    key, kind = _dotted(location), error["type"]
    if kind == RULE:
        facts = error.get("ctx", {})
        return _dotted((*location, facts["key"])), str(facts["problem"]), str(facts["fix"])
    if kind in _UNKNOWN:
        return key, "is not a known key", _nearest(location[-1], _keys(model, location[:-1]))
    if kind == "missing":
        return key, "is missing", "add it (environments/schema.json says what it is)"
    if kind in _TYPES:
        fix = "put it in quotes" if kind == "string_type" and _is_plain(error["input"]) else _SCHEMA
        return key, f"should be {_TYPES[kind]}, and is {_kind_of(error['input'])}", fix
    message = re.sub(r"^(Value error, |(Input|String) (?=should ))", "", error["msg"])
    return key, message, _SCHEMA


def _dotted(location: tuple[str, ...]) -> str:
    return ".".join(part if part.isprintable() else ascii(part) for part in location)


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float | datetime.date)


def _kind_of(value: object) -> str:
    """Return what a value is, never the value: it may be a secret in the wrong place."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "null")


def _nearest(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {close[0]}?" if close else f"use {', '.join(sorted(known))}"


def _keys(model: type[BaseModel], location: tuple[str, ...]) -> list[str]:
    """Return the keys that the section at `location` of `model` may have."""
    section = model
    for part in location:
        field = section.model_fields.get(part)
        # A part that is no field is the name of an entry of a mapping, whose section was found before.
        section = (_section_in(field.annotation) if field else None) or section
    return [name for name, field in section.model_fields.items() if not field.exclude]


def _section_in(annotation: object) -> type[BaseModel] | None:
    """Return the section that an annotation such as `Mapping[str, Secret]` or `Network | None` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_section_in(part) for part in typing.get_args(annotation))
    return next((section for section in found if section), None)
