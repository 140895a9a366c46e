"""The values of an environment file, flat: what a plan set is bound to, and how two of them differ in words."""

import json
import re
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from shared.environment import Environment

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_/-]+", re.ASCII)


def values_of(environment: Environment) -> dict[str, JsonValue]:
    """Return every value by dotted key, in the file's order. A key with a dot in it stands in quotes."""
    found: dict[str, JsonValue] = {}
    _collect(environment.model_dump(mode="json"), "", found)
    return found


def value_differences(environment: str, was: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Return one clause for each key whose value is another one, sorted by key."""
    file = f"environments/{environment}.yaml"
    return tuple(
        f"{file}: {key} {_difference(key, was, now)}"
        for key in sorted(was.keys() | now.keys())
        if key not in was or key not in now or _spelled(was[key]) != _spelled(now[key])
    )


def _collect(value: JsonValue, key: str, found: dict[str, JsonValue]) -> None:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            part = name if _PLAIN_KEY.fullmatch(name) else json.dumps(name)
            _collect(inner, f"{key}.{part}" if key else part, found)
    else:
        found[key] = value


def _difference(key: str, was: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> str:
    if key not in was:
        return f"is {_spelled(now[key])}, was not there"
    if key not in now:
        return f"is not there, was {_spelled(was[key])}"
    return f"is {_spelled(now[key])}, was {_spelled(was[key])}"


def _spelled(value: JsonValue) -> str:
    """Return a value as a YAML file spells it: what a reader looks for there, and no two values alike."""
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_./:?=&@ -]*", value, re.ASCII)
    if plain and value not in {"true", "false", "null"}:
        return str(value)
    return json.dumps(value, sort_keys=True)
