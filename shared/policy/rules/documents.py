"""What IAM documents say: trust policies, bucket policies, policies of endpoints.

Elements and operators: AWS, "IAM JSON policy element reference".
"""

import json
from collections.abc import Iterator, Sequence

from shared.policy.json_value import Json, at, is_list, is_mapping

# Others bind nothing: negations, Null, and …IfExists where the key is missing.
_BINDING = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})


def statements_of(document: Json) -> list[Json] | None:
    """Return the statements of a document's text, None for what is no document."""
    try:
        parsed: Json = json.loads(document or "")
    except (TypeError, ValueError):
        return None
    return listed(at(parsed, "Statement")) if is_mapping(parsed) else None


def listed(value: Json) -> list[Json]:
    """Return a list of what IAM writes as one thing or as a list of things."""
    if value is None:
        return []
    return value if is_list(value) else [value]


def is_for_anybody(statement: Json) -> bool:
    """Tell whether a statement is about every principal."""
    said = at(statement, "Principal")
    named = [one for value in said.values() for one in listed(value)] if is_mapping(said) else listed(said)
    return "*" in named


def bound_keys(statement: Json) -> frozenset[str]:
    """Return the condition keys, in small letters, that a request must fit with a value that is not anything."""
    return frozenset(key.lower() for key, values in _bindings(statement) if values and "*" not in values)


def _bindings(statement: Json) -> Iterator[tuple[str, Sequence[str]]]:
    conditions = at(statement, "Condition")
    for operator, keys in conditions.items() if is_mapping(conditions) else ():
        if str(operator).lower() in _BINDING and is_mapping(keys):
            yield from ((str(key), [str(one) for one in listed(value)]) for key, value in keys.items())
