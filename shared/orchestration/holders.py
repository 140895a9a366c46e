"""What in the state stands in the way of destroying stacks: who reads from them, and what is protected. Pure."""

from collections.abc import Mapping
from typing import Any

from shared.orchestration.planned_outputs import REFERENCE_TYPE, resources_of
from shared.orchestration.resource_changes import name_of

Checkpoints = Mapping[str, Mapping[str, Any]]


def readers_in_state(checkpoints: Checkpoints, environment: str) -> dict[str, tuple[str, ...]]:
    """Return which deployed stacks read from each stack, by the references that their state holds.

    So a reader counts too whose program no longer reads from it, or whose folder is gone.
    """
    found: dict[str, set[str]] = {}
    for reader, checkpoint in checkpoints.items():
        for one in resources_of(checkpoint):
            if one["type"] == REFERENCE_TYPE:
                stack, _, of = name_of(one["urn"]).removeprefix("organization/").partition("/")
                if of == environment:
                    found.setdefault(stack, set()).add(reader)
    return {stack: tuple(sorted(readers)) for stack, readers in sorted(found.items())}


def protected_in_state(checkpoints: Checkpoints) -> dict[str, tuple[str, ...]]:
    """Return the names of the protected resources of each stack that has some."""
    found = {
        stack: tuple(sorted(name_of(one["urn"]) for one in resources_of(checkpoint) if one.get("protect")))
        for stack, checkpoint in sorted(checkpoints.items())
    }
    return {stack: names for stack, names in found.items() if names}
