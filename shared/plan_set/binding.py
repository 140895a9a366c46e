"""What a plan set was made from, against what is now. Pure."""

import dataclasses
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from shared.plan_set.manifest import Manifest, PlannedStack
from shared.plan_set.sources import source_differences
from shared.plan_set.values import value_differences
from shared.plan_set.versions import version_differences


@dataclasses.dataclass(frozen=True, kw_only=True)
class Present:
    """What is now.

    sources: of sources_of; values: of values_of; versions: of versions. checkpoints: canonical hashes by stack; None,
    or no entry, where a stack does not exist.
    """

    environment: str
    sources: Mapping[str, str]
    values: Mapping[str, JsonValue]
    versions: Mapping[str, str]
    checkpoints: Mapping[str, str | None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Differences:
    """In what a plan set and the present differ.

    refused: one clause for each difference that makes the set useless. moved: the stacks, in the order of deployment,
    whose own or upstreams' state is another one: they must be previewed again. movements: one clause for each of them.
    """

    refused: tuple[str, ...]
    moved: tuple[str, ...]
    movements: tuple[str, ...]


def differences(manifest: Manifest, present: Present, stacks: Sequence[str]) -> Differences:
    """Compare a plan set with what is now. stacks: the ones that are to be deployed from it."""
    if manifest.environment != present.environment:
        # Everything else differs with it.
        refused = (f"it was made for {manifest.environment}, and this is {present.environment}",)
        return Differences(refused=refused, moved=(), movements=())
    planned = {stack.name: stack for stack in manifest.stacks}
    moves = {name: _moves(stack, present.checkpoints) for name, stack in planned.items() if name in stacks}
    moved = tuple(name for name, whose in moves.items() if whose)
    return Differences(
        refused=(
            *(f"it has no stack {stack}" for stack in stacks if stack not in planned),
            *value_differences(present.environment, manifest.values, present.values),
            *source_differences(manifest.sources, present.sources),
            *version_differences(manifest.versions, present.versions),
        ),
        moved=moved,
        movements=tuple(_movement(name, moves[name]) for name in moved),
    )


def _moves(stack: PlannedStack, checkpoints: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the stacks whose state is not the one that `stack` was previewed with."""
    seen = {stack.name: stack.checkpoint, **stack.upstreams}
    return tuple(name for name, checkpoint in seen.items() if checkpoints.get(name) != checkpoint)


def _movement(stack: str, whose: tuple[str, ...]) -> str:
    names = ["its own state" if name == stack else f"the state of {name}" for name in whose]
    return f"{stack}: {' and '.join(names)} moved since"


def changes_between(was: Present, now: Present, stacks: Sequence[str]) -> tuple[str, ...]:
    """Return one clause for each thing that is another one since: sources, values, versions, states of `stacks`."""
    return (
        *value_differences(now.environment, was.values, now.values),
        *source_differences(was.sources, now.sources),
        *version_differences(was.versions, now.versions),
        *(
            f"the state of {stack} moved"
            for stack in stacks
            if was.checkpoints.get(stack) != now.checkpoints.get(stack)
        ),
    )
