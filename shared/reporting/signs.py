"""Signs beside colours, as colour never carries meaning alone, and the words that go with them."""

from typing import Final

from shared.reporting.model import Kind, Tense

RESULTS = {"succeeded": "✓", "unchanged": "=", "failed": "✗", "skipped": "↷", "cancelled": "■"}
KINDS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
STEPS = {"succeeded": "✓", "failed": "✗", "unfinished": "…"}

_FOUND: Final[dict[Kind, str]] = {"create": "new", "update": "differs", "replace": "differs", "delete": "gone"}
_DIFFERENCES: Final[tuple[Tense, ...]] = ("found", "accepted")


def kind_word(kind: Kind | None, tense: Tense) -> str:
    """Return what happens to a resource, or how it differs: "update", "gone"; empty for nothing."""
    if kind is None:
        return ""
    return _FOUND[kind] if tense in _DIFFERENCES else kind


def kind_signed(kind: Kind | None, tense: Tense) -> str:
    """Return the word for a kind with its sign: "~ update", "- gone"; empty for nothing."""
    return f"{KINDS[kind]} {kind_word(kind, tense)}" if kind else ""


def operations_noun(tense: Tense) -> str:
    """Return what one of a stack's operations is."""
    return "difference" if tense in _DIFFERENCES else "operation"


def properties_title(tense: Tense) -> str:
    """Return what the properties of operations are."""
    return "properties that differ" if tense in _DIFFERENCES else "inputs that change"
