"""Update one stack to what was reviewed, and to nothing else.

Where the reviewed plan says exactly what happens, the engine applies it, and refuses it in its own preview before
anything is touched. Where it could not (a replacement was only possible when it was made), the stack is previewed once
more, now that its upstreams are deployed: what goes beyond the review is refused, and the rest is applied under the
reviewed plan. A value that becomes known in the middle of an update can still change what follows; the engine then
stops there, and the same is done again from where it stopped (docs/adr/0016).
"""

import dataclasses
import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pulumi.automation as auto

from shared.exit_codes import ExitCode
from shared.orchestration.automation_stack import opened_stack
from shared.orchestration.bands import forecast
from shared.orchestration.engine_plan import contradictions, expecting, property_names, without
from shared.orchestration.errors import BackendError, RefusedError
from shared.orchestration.job import Approval, Message, StackJob, StackOutcome, changes_of
from shared.orchestration.losses import PlannedStep, losses, refused_changes, unconfirmed
from shared.orchestration.observation import Observation
from shared.orchestration.resource_changes import ResourceChange, name_of
from shared.orchestration.stack_work import Previewed, StackWork
from shared.orchestration.unanswered import unanswered
from shared.pending_operations.errors import PendingOperationError
from shared.plan_set.approval import beyond
from shared.plan_set.manifest import PlannedOperation

_ROUNDS = 10
"""More than any chain of resources whose values become known one after another is long."""


class StackUpdate(StackWork):
    """The update of one stack under its approval."""

    def __init__(self, job: StackJob, send: Callable[[Message], None], program: Callable[[], None]) -> None:
        super().__init__(job, send, program)
        self._plan: Mapping[str, Any] = {}
        self._unsettled = False
        self._adopted: frozenset[str] = frozenset()

    def run(self, started: float) -> StackOutcome:
        """Do it. Where it is given up because of clouds that are busy, what is open is looked for a last time."""
        outcome = super().run(started)
        if not self._unsettled or self.command.stopped or not self.observations[-1].transient:
            return outcome
        with suppress(RefusedError, RuntimeError):  # else the next run finds it noted in the state
            self._settle()
        kinds = self.done
        return dataclasses.replace(outcome, changes=changes_of(kinds), resources=forecast(kinds).resources)

    def work(self, started: float) -> StackOutcome:
        """Do it. Raises RefusedError where what would happen goes beyond the approval."""
        self._settle()
        approval = self._approval()
        with TemporaryDirectory(prefix="plan-", dir=self.job.work_dir) as name:
            file = Path(name) / "plan.json"
            if approval.exact:
                self._write(file, _read(approval.plan))
                self._apply(file, previews_first=not approval.fresh)
            else:
                self._approach(approval, file)
        kinds = self.done
        changes = changes_of(kinds)
        return StackOutcome(
            stack=self.job.stack,
            result="succeeded" if changes.total else "unchanged",
            changes=changes,
            references=self.references,
            resources=forecast(kinds).resources,
            seconds=time.monotonic() - started,
        )

    @property
    def done(self) -> dict[str, str]:
        """Return what was done to each resource, by URN: what was found to be made after all was made here."""
        made = dict.fromkeys(self._adopted, "create")
        return super().done | made

    def after_failure(self) -> str:
        """Note the creations that may have been done all the same: the engine forgets them."""
        from shared.orchestration.unanswered_creations import note

        creations = unanswered(self.observations[-1].failed_creations, self.failures) if self.observations else ()
        if not creations or self._unsettled:
            return ""
        problem = note(self.job, creations, self._plan)
        self._unsettled = not problem
        names = ", ".join(name_of(one.urn) for one in creations)
        return f"whether {names} was made is not known, and that could not be noted: {problem}" if problem else ""

    def _settle(self) -> None:
        """Look for what was noted. Raises RefusedError where that cannot be told, RuntimeError where not yet."""
        if not self._unsettled:
            return
        from shared.orchestration.unanswered_creations import settle

        self.command.previews_first = False
        try:
            found = settle(self.job, self.command)
        except PendingOperationError as error:
            if error.passes:
                raise RuntimeError(str(error)) from None
            reason = f"{self.observations[-1].reason}; {error}"
            raise RefusedError(reason=reason, exit_code=ExitCode.RESOURCE) from None
        except BackendError as error:
            raise RefusedError(reason=str(error), exit_code=ExitCode.ERROR) from None
        self._adopted |= {one.urn for one in found if one.result == "adopted"}
        self._unsettled = False

    def _approval(self) -> Approval:
        """Return what may be done. What a failed attempt did has moved the state, and is not done again."""
        approval = self.job.approval
        if approval is None:
            raise ValueError(f"the update of {self.job.stack} has no approval")
        moved = self.retries > 0 and changes_of(self.done).total > 0
        return dataclasses.replace(approval, moved=True, fresh=False) if moved else approval

    def _approach(self, approval: Approval, file: Path) -> None:
        reviewed = None if approval.moved else _read(approval.plan)
        for round_ in range(_ROUNDS):
            now = self.previewed(file, exclude=approval.withheld)
            self._refuse(approval, now, reviewed)
            if round_ and not now.observation.changes.total:
                return
            calm = uncertain(now.steps, now.plan)
            self._write(file, expecting(reviewed or now.plan, now.plan, calm))
            if self._applied(file):
                return
            reviewed = None  # its differences are to a state that is no more
        raise RefusedError(reason="it did not come to rest: preview and deploy again", exit_code=ExitCode.ERROR)

    def _write(self, file: Path, plan: Mapping[str, Any]) -> None:
        file.write_text(json.dumps(without(plan, self._approval().withheld)), encoding="utf-8")

    def _applied(self, plan: Path) -> bool:
        """Return whether the update went through; False where a value came out other than expected."""
        try:
            self._apply(plan, previews_first=False)
        except auto.CommandError:
            if not self.observations[-1].refused_steps_only:
                raise
            return False
        return True

    def _apply(self, plan: Path, *, previews_first: bool) -> None:
        approval = self._approval()
        self._plan = _read(plan)
        observation = self.observe(
            Observation(
                "up",
                self.progress,
                previews_first=previews_first,
                properties=property_names(self._plan),
                place_of=self.place_of,
            )
        )
        self.command.previews_first = previews_first
        stack = opened_stack(self.job, self.command, self.program)
        try:
            stack.up(
                color="never",
                show_secrets=False,
                plan=str(plan),
                exclude=list(approval.withheld) or None,
                on_event=self.hearing(observation),
                on_output=self.listener,
            )
        except auto.CommandError as error:
            if previews_first and not observation.reason and not self.command.stopped:
                # The engine says nothing of a resource where it is the stack's outputs that differ.
                raise _other_than_reviewed(["its outputs are not those of the plan"]) from error
            if observation.refused_by_plan and (approval.exact or not observation.refused_steps_only):
                why = ["the program says something else each time it runs"] if approval.fresh else []
                raise _other_than_reviewed([observation.reason, *why]) from error
            raise

    def _refuse(self, approval: Approval, now: Previewed, reviewed: Mapping[str, Any] | None) -> None:
        """Refuse what goes beyond the review, what its service refuses, and what nobody confirmed to lose."""
        steps = now.steps
        found = forecast({**now.observation.kinds, **{step.urn: step.least for step in steps}}, now.observation.kinds)
        excess = beyond(
            planned_operations(approval.changes), planned_operations(with_properties(found.resources, steps))
        )
        if reviewed is not None:
            excess += tuple(_contradiction(one) for one in contradictions(reviewed, now.plan))
        if excess:
            raise _other_than_reviewed(excess)
        if refused := refused_changes(steps):
            raise RefusedError(reason="; ".join(refused), exit_code=ExitCode.CONFIGURATION)
        if reason := unconfirmed(losses(steps), self.job.confirmed):
            raise RefusedError(reason=reason, exit_code=ExitCode.CONFIGURATION)


def uncertain(steps: Iterable[PlannedStep], plan: Mapping[str, Any]) -> frozenset[str]:
    """Return the resources whose replacement hangs only on values of resources that stay what they are.

    An update leaves names and ids as they are, so these are not expected to be replaced.
    """
    replaced = {step.urn: step for step in steps if step.kind == "replace"}
    calm = {urn for urn, step in replaced.items() if not step.certain}
    while moved := {urn for urn in calm if _hangs_on(urn, set(replaced) - calm, plan)}:
        calm -= moved
    return frozenset(calm)


def _hangs_on(urn: str, others: set[str], plan: Mapping[str, Any]) -> bool:
    goal = plan["resourcePlans"].get(urn, {}).get("goal") or {}
    return any(others & set(found or ()) for found in (goal.get("propertyDependencies") or {}).values())


def with_properties(changes: Iterable[ResourceChange], steps: Iterable[PlannedStep]) -> tuple[ResourceChange, ...]:
    """Return the changes with the names of the inputs that change."""
    properties = {step.urn: step.properties for step in steps}
    return tuple(dataclasses.replace(change, properties=properties.get(change.urn, ())) for change in changes)


def planned_operations(changes: Iterable[ResourceChange]) -> tuple[PlannedOperation, ...]:
    """Return changes as a plan set's manifest has them."""
    return tuple(
        PlannedOperation(urn=change.urn, certain=change.certain, possible=change.possible, properties=change.properties)
        for change in changes
    )


def _read(plan: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plan.read_text(encoding="utf-8"))
    return found


def _other_than_reviewed(what: Iterable[str]) -> RefusedError:
    reason = f"this is not what was reviewed: {'; '.join(what)}; preview again"
    return RefusedError(reason=reason, exit_code=ExitCode.PLAN_REFUSED)


def _contradiction(place: str) -> str:
    urn, _, name = place.rpartition(" ")
    return f"{name} of {name_of(urn)} came out different"
