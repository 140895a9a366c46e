"""The table of what a stack publishes, from its contract and from who reads it."""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.contracts import StackOutputs
from shared.contracts.stack_outputs import FieldSpec
from shared.stack_pages.markdown import table

_KINDS: Final[Mapping[type, str]] = {str: "text", int: "whole number", float: "number", bool: "truth value"}
PEOPLE: Final = "people"


def published_table(contract: type[StackOutputs], readers: Mapping[str, Iterable[str]]) -> str:
    """Return the table. readers: names of the stacks that read a field, by field; one that none reads is for people."""
    rows = [
        (
            f"`{spec.name}`",
            _kind(spec),
            "yes" if spec.secret else "no",
            spec.description,
            ", ".join(sorted(readers.get(spec.name, ()))) or PEOPLE,
        )
        for spec in contract.specs()
    ]
    return table(("output", "type", "secret", "what it is", "read by"), rows)


def _kind(spec: FieldSpec) -> str:
    kind = _KINDS.get(spec.leaf, "list")
    kind = f"{kind}, or nothing" if spec.optional else kind
    return f"map of {kind}" if spec.mapping else kind
