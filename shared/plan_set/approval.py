"""Whether a new preview stays within what was approved. Pure, and strict: what is not clearly within goes beyond."""

import dataclasses
from collections.abc import Iterable
from typing import Final

from shared.plan_set.manifest import Kind, PlannedOperation

# By what was approved. A replacement contains an update in place; it contains no lone creation or deletion: those leave
# one resource too many, or none.
_COVERED: Final[dict[Kind, frozenset[Kind]]] = {
    "create": frozenset({"create"}),
    "update": frozenset({"update"}),
    "replace": frozenset({"replace", "update"}),
    "delete": frozenset({"delete"}),
}
_IN_PLACE: Final[frozenset[Kind]] = frozenset({"update", "replace"})
_ORDER: Final[tuple[Kind, ...]] = ("delete", "replace", "create", "update")


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Touch:
    """All that a preview says of one resource, certain and possible."""

    kinds: frozenset[Kind]
    properties: frozenset[str]


_UNTOUCHED: Final = _Touch(kinds=frozenset(), properties=frozenset())


def beyond(approved: Iterable[PlannedOperation], new: Iterable[PlannedOperation]) -> tuple[str, ...]:
    """Return one clause for each operation of one stack's new preview that goes beyond the approved ones.

    What is certain or possible now must have been certain or possible then, for the same resource: the same kind, or an
    update where a replacement was approved; and it may change only properties that were shown to change.
    """
    before = _by_urn(approved)
    clauses: list[str] = []
    for urn, touch in _by_urn(new).items():
        clauses.extend(_beyond(urn, before.get(urn, _UNTOUCHED), touch))
    return tuple(clauses)


def _beyond(urn: str, approved: _Touch, new: _Touch) -> list[str]:
    covered: frozenset[Kind] = frozenset().union(*(_COVERED[kind] for kind in approved.kinds))
    strange = [kind for kind in _ORDER if kind in new.kinds - covered]
    was = " or ".join(kind for kind in _ORDER if kind in approved.kinds) or "nothing"
    clauses = [f"{kind} of {_shown(urn)} goes beyond what was approved for it: {was}" for kind in strange]
    added = sorted(new.properties - approved.properties)
    if added and not strange and new.kinds & _IN_PLACE:
        clauses.append(f"{_shown(urn)} changes {', '.join(added)} too, which was not approved")
    return clauses


def _by_urn(operations: Iterable[PlannedOperation]) -> dict[str, _Touch]:
    """Return what happens to each resource. One URN can be there twice: a replacement may leave one to delete."""
    found: dict[str, _Touch] = {}
    for operation in operations:
        before = found.get(operation.urn, _UNTOUCHED)
        kinds: set[Kind] = {kind for kind in (operation.certain, operation.possible) if kind is not None}
        properties = before.properties | frozenset(operation.properties)
        found[operation.urn] = _Touch(kinds=before.kinds | kinds, properties=properties)
    return found


def _shown(urn: str) -> str:
    """Return type and name of a resource, with its parents' types."""
    return urn.split("::", 2)[-1]
