"""What the simulated clouds say was done, beside what the command reports.

Two witnesses that know nothing of each other.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.sandbox.inventory import Inventory
from tests.scenarios.comparison import Kinds

_STEPS = {"create": ("create",), "update": ("update",), "replace": ("create", "delete"), "delete": ("delete",)}

Operation = tuple[str, str, str]
"""What was done (create, update, delete), the type token, the id."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clouds:
    """The simulated clouds at one moment: every operation until then, and what is in the state, by URN."""

    operations: tuple[Operation, ...]
    resources: Mapping[str, Mapping[str, Any]]


def clouds(state: Path) -> Clouds:
    """Return the clouds of a sandbox as they are now."""
    return Clouds(operations=_operations(state / "inventory.sqlite"), resources=dict(_resources(state)))


def contradictions(reported: Kinds, before: Clouds, after: Clouds) -> tuple[str, ...]:
    """Return where the clouds' log and the reported operations differ, in sentences."""
    expected = Counter(_expected(reported, before, after))
    logged = Counter(after.operations[len(before.operations) :])
    unlogged = [f"{_said(one)} is reported, and the cloud knows nothing of it" for one in expected - logged]
    unreported = [f"{_said(one)} is in the cloud's log, and is not reported" for one in logged - expected]
    return (*unlogged, *unreported)


def _expected(reported: Kinds, before: Clouds, after: Clouds) -> Iterator[Operation]:
    for urn, kind in reported.items():
        for step in _STEPS[kind]:
            resource = (before if step == "delete" else after).resources.get(urn, {})
            kept = step == "delete" and resource.get("retainOnDelete")
            if resource.get("custom") and not resource["type"].startswith("pulumi:") and not kept:
                yield step, resource["type"], resource["id"]


def _operations(inventory: Path) -> tuple[Operation, ...]:
    if not inventory.exists():
        return ()
    opened = Inventory(inventory)
    try:
        return tuple(opened.operations())
    finally:
        opened.close()


def _resources(state: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file in (state / "state" / ".pulumi" / "stacks").glob("*/*.json"):
        checkpoint = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]
        resources: Iterable[Mapping[str, Any]] = (checkpoint.get("latest") or {}).get("resources") or ()
        yield from ((one["urn"], one) for one in resources)


def _said(operation: Operation) -> str:
    kind, token, resource = operation
    return f"{kind} of {token} {resource}"
