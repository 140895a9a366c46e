"""Save previews as a plan set, and take one up again."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.commands.arguments import Options
from shared.commands.commits import commit_of
from shared.commands.looking import Looker
from shared.commands.ready import Ready
from shared.commands.reviewing import looked_at, reviewed
from shared.commands.running import Ran
from shared.orchestration.job import StackOutcome, changes_of
from shared.orchestration.losses import losses_of_state
from shared.orchestration.planned_outputs import resources_of
from shared.orchestration.resource_changes import ResourceChange
from shared.orchestration.speculation import Planned
from shared.orchestration.update_operation import planned_operations
from shared.plan_set.approval import beyond
from shared.plan_set.archive import PlanSet, file_content, opened, sealed, write
from shared.plan_set.binding import Present, differences
from shared.plan_set.checkpoint_hash import canonical_hash
from shared.plan_set.errors import PlanSetRefusedError
from shared.plan_set.key_choice import key_of
from shared.plan_set.keys import PlanSetKey
from shared.plan_set.manifest import Manifest, PlannedStack
from shared.plan_set.packing import ContentError
from shared.plan_set.sources import sources_of
from shared.plan_set.values import values_of
from shared.plan_set.versions import versions


@dataclasses.dataclass(frozen=True, kw_only=True)
class TakenUp:
    """A plan set that fits what is now.

    outcomes: of its previews; moved: stacks whose state is another one since; bound: what it was compared with; sealed:
    the plan set as its file has it.
    """

    prepared: Ready
    outcomes: tuple[StackOutcome, ...]
    moved: frozenset[str]
    looker: Looker
    bound: Present
    sealed: bytes = dataclasses.field(repr=False)


class UnfitError(Exception):
    """A plan set does not fit what is now. differences: one clause each."""

    def __init__(self, differences: tuple[str, ...]) -> None:
        self.differences = differences
        super().__init__("; ".join(differences))


def present(prepared: Ready, checkpoints: Mapping[str, Mapping[str, Any]]) -> Present:
    """Return what a plan set is bound to, as it is now."""
    name = prepared.environment.name
    return Present(
        environment=name,
        sources=sources_of(prepared.session.root, name),
        values=values_of(prepared.environment),
        versions=versions(prepared.engine.version),
        checkpoints={stack: canonical_hash(checkpoint) for stack, checkpoint in checkpoints.items()},
    )


def saved(prepared: Ready, options: Options, ran: Ran, bound: Present, file: Path) -> None:
    """Write previews as a plan set. bound: what was there before they were made.

    Raises PlanSetFileError, PlanSetKeyError.
    """
    manifest, plans = _content(prepared, ran.outcomes, bound)
    write(file, manifest, plans, _key(prepared, options))


def sealed_previews(
    prepared: Ready, options: Options, outcomes: tuple[StackOutcome, ...], bound: Present
) -> bytes | None:
    """Return previews as a plan set's file would have them; None where there is nothing to deploy.

    Raises PlanSetKeyError.
    """
    manifest, plans = _content(prepared, outcomes, bound)
    return sealed(manifest, plans, _key(prepared, options)) if plans else None


def _content(prepared: Ready, outcomes: tuple[StackOutcome, ...], bound: Present) -> tuple[Manifest, dict[str, bytes]]:
    plans = {one.stack: _plan_bytes(one.planned) for one in outcomes if one.planned}
    manifest = Manifest(
        schema_version=1,
        environment=prepared.environment.name,
        created=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        commit=commit_of(prepared.session.root),
        sources=bound.sources,
        values=bound.values,
        versions=bound.versions,
        stacks=tuple(_planned_stack(prepared, one, plans[one.stack], bound) for one in outcomes if one.stack in plans),
    )
    return manifest, plans


def taken_up(prepared: Ready, options: Options, file: Path) -> TakenUp:
    """Return a plan set that may be deployed now; where state has moved, it was previewed again and is within it.

    Raises PlanSetRefusedError, PlanSetFileError, PlanSetKeyError.
    """
    content = file_content(file)
    try:
        plan_set = unsealed(prepared, options, content)
        planned = {stack.name for stack in plan_set.manifest.stacks}
        named = options.stack_names()
        selected = tuple(stack for stack in prepared.selected if named or stack in planned)
        return fitted(dataclasses.replace(prepared, selected=selected), plan_set, content)
    except UnfitError as error:
        raise PlanSetRefusedError(file=file, differences=error.differences) from None


def unsealed(prepared: Ready, options: Options, content: bytes) -> PlanSet:
    """Return the plan set in the content of a file. Raises UnfitError, PlanSetKeyError."""
    try:
        return opened(content, environment=prepared.environment.name, key=_key(prepared, options))
    except ContentError as error:
        raise UnfitError(error.differences) from None


def fitted(prepared: Ready, plan_set: PlanSet, content: bytes) -> TakenUp:
    """Return a plan set for the selected stacks; where state has moved, it was previewed again and is within it.

    content: the plan set, sealed. Raises UnfitError.
    """
    planned = {stack.name: stack for stack in plan_set.manifest.stacks}
    looker = looked_at(prepared, everything=False)
    bound = present(prepared, looker.checkpoints)
    found = differences(plan_set.manifest, bound, prepared.selected)
    if found.refused:
        raise UnfitError(found.refused)
    again = _within(prepared, plan_set, found.moved, found.movements) if found.moved else {}
    outcomes = tuple(
        dataclasses.replace(
            _outcome(plan_set, planned[stack], looker),
            **({"losses": again[stack].losses} if stack in found.moved else {}),
        )
        for stack in prepared.selected
    )
    moved = frozenset(found.moved)
    return TakenUp(
        prepared=prepared,
        outcomes=_without_untouched(outcomes, moved, looker, prepared),
        moved=moved,
        looker=looker,
        bound=bound,
        sealed=content,
    )


def _within(
    prepared: Ready, plan_set: PlanSet, moved: tuple[str, ...], movements: tuple[str, ...]
) -> dict[str, StackOutcome]:
    """Preview again, refuse what goes beyond what was approved, and return the previews by stack."""
    again = {one.stack: one for one in reviewed(prepared, looked_at(prepared, everything=True)).outcomes}
    approved = {stack.name: stack.operations for stack in plan_set.manifest.stacks}
    excess = [
        f"{stack}: {clause}"
        for stack in moved
        for clause in (
            beyond(approved[stack], planned_operations(again[stack].resources))
            if again[stack].planned
            else (f"it cannot be previewed any more: {again[stack].reason}",)
        )
    ]
    if excess:
        raise UnfitError((*movements, *excess))
    return again


def _without_untouched(
    outcomes: tuple[StackOutcome, ...], moved: frozenset[str], looker: Looker, prepared: Ready
) -> tuple[StackOutcome, ...]:
    """Return the outcomes, those of stacks that need not be deployed without a plan."""
    kept: set[str] = set()
    found: list[StackOutcome] = []
    for one in outcomes:
        quiet = not one.resources and not one.outputs and one.stack not in moved
        # Below a stack that is deployed nothing is left out: a secret of it may be another, and nobody sees that.
        calm = quiet and not kept & set(prepared.graph.upstreams[one.stack])
        reason = looker.untouched(one.stack, {}) if calm else ""
        if not reason:
            kept.add(one.stack)
        found.append(StackOutcome(stack=one.stack, result="unchanged", reason=reason) if reason else one)
    return tuple(found)


def _outcome(plan_set: PlanSet, stack: PlannedStack, looker: Looker) -> StackOutcome:
    changes = tuple(
        ResourceChange(urn=one.urn, certain=one.certain, possible=one.possible, properties=one.properties)
        for one in stack.operations
    )
    return StackOutcome(
        stack=stack.name,
        result="succeeded" if changes else "unchanged",
        changes=changes_of({change.urn: change.certain for change in changes if change.certain}),
        losses=losses_of_state(changes, resources_of(looker.checkpoints.get(stack.name))),
        planned=Planned(
            known={},
            unknown={},
            replaces=False,
            secrets_provider={},
            plan=json.loads(plan_set.plans[stack.name]),
        ),
        outputs=stack.changed_outputs,
        resources=changes,
    )


def _planned_stack(prepared: Ready, outcome: StackOutcome, plan: bytes, bound: Present) -> PlannedStack:
    return PlannedStack(
        name=outcome.stack,
        plan_sha256=hashlib.sha256(plan).hexdigest(),
        checkpoint=bound.checkpoints.get(outcome.stack),
        upstreams={one: bound.checkpoints.get(one) for one in prepared.graph.upstreams[outcome.stack]},
        operations=planned_operations(outcome.resources),
        changed_outputs=outcome.outputs,
    )


def _plan_bytes(planned: Planned) -> bytes:
    return json.dumps(planned.plan, sort_keys=True).encode()


def _key(prepared: Ready, options: Options) -> PlanSetKey:
    return key_of(prepared.environment, options.state_folder() if prepared.session.inventory else None)
