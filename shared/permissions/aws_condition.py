"""Conditions of AWS policies, by Amazon's "IAM JSON policy elements: Condition operators"."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shared.permissions.errors import UnknownGrantError
from shared.permissions.wildcard import matches

Conditions = Mapping[str, Mapping[str, Sequence[str]]]

_COMPARE: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
    "NumericLessThan": lambda wanted, value: float(value) < float(wanted),
}
_OPPOSITE: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def condition_holds(conditions: Conditions, context: Mapping[str, Sequence[str]], *, where: str) -> bool:
    """Tell whether all tests hold. where: names the statement in errors. Raises UnknownGrantError."""
    return all(
        _holds(operator, wanted, context.get(key, ()), where=where)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    )


def _holds(operator: str, wanted: Sequence[str], values: Sequence[str], *, where: str) -> bool:
    unknown = [text for text in wanted if "${" in text]
    if unknown:
        raise UnknownGrantError(where=where, what=f"the variable in {unknown[0]}")
    if operator == "Null":
        return all((text.lower() == "true") == (not values) for text in wanted)
    if operator.endswith("IfExists"):
        return not values or _holds(operator.removesuffix("IfExists"), wanted, values, where=where)
    if operator.startswith("ForAllValues:"):
        return all(_holds(operator.removeprefix("ForAllValues:"), wanted, [one], where=where) for one in values)
    operator = operator.removeprefix("ForAnyValue:")
    if operator in _OPPOSITE:
        # A key without a value differs from every value.
        return not _holds(_OPPOSITE[operator], wanted, values, where=where)
    compare = _COMPARE.get(operator)
    if compare is None:
        raise UnknownGrantError(where=where, what=f"the operator {operator}")
    return any(compare(text, value) for text in wanted for value in values)
