"""What a sandbox holds: its clouds, its states, and what runs have left lying about."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.sandbox.inventory import Inventory
from tests.sandbox.killed_runs import engines
from tests.sandbox.platform_copy import PlatformCopy

Thing = tuple[str, str]
"""Type token and id."""


def in_clouds(state: Path) -> list[Thing]:
    """Return everything that exists in the simulated clouds."""
    with_inventory = Inventory(state / "inventory.sqlite")
    try:
        return sorted((one.token, one.id.lower()) for one in with_inventory.all())
    finally:
        with_inventory.close()


def operations(state: Path) -> list[tuple[str, str, str]]:
    """Return what the simulated clouds were ever asked to do."""
    with_inventory = Inventory(state / "inventory.sqlite")
    try:
        return with_inventory.operations()
    finally:
        with_inventory.close()


def in_states(state: Path) -> list[Thing]:
    """Return everything of the clouds that is in some stack's state; twice what is there twice."""
    return sorted(
        (str(one["type"]), str(one["id"]).lower())
        for latest in _states(state)
        for one in latest.get("resources") or ()
        if one["custom"] and not str(one["type"]).startswith("pulumi:")
    )


def left_over(platform: PlatformCopy) -> list[str]:
    """Return in sentences what must not be there when all is done."""
    found = [f"{_name(one['resource'])} is {one['type']}" for one in _half_done(platform.state)]
    for latest in _states(platform.state):
        for one in latest.get("resources") or ():
            found += [f"{_name(one)} is marked {mark}" for mark in ("delete", "pendingReplacement") if one.get(mark)]
    locks = platform.state / "state" / ".pulumi" / "locks"
    found += [f"{lock.relative_to(locks)} is locked" for lock in locks.rglob("*.json")]
    leases = platform.state / "state" / ".ml-platform" / "leases"
    held = [lease for lease in leases.rglob("*.json") if not json.loads(lease.read_text(encoding="utf-8"))["released"]]
    found += [f"the lease {lease.name} is held" for lease in held]
    return found + [f"engine {pid} runs" for pid in engines(platform)]


def twins(state: Path, since: int) -> Counter[str]:
    """Return how often things of each type were created, of the operations after the first `since`."""
    return Counter(token for operation, token, _ in operations(state)[since:] if operation == "create")


def _half_done(state: Path) -> Iterator[Mapping[str, Any]]:
    for latest in _states(state):
        yield from latest.get("pending_operations") or ()


def _states(state: Path) -> Iterator[Mapping[str, Any]]:
    for file in (state / "state" / ".pulumi" / "stacks").glob("*/*.json"):
        yield json.loads(file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]
