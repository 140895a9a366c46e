"""What the engine's events say about one operation: the report is built from these, never from its printed text."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from typing import Literal

from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import DiagnosticEvent, StepEventMetadata, StepEventStateMetadata

from shared.contracts.errors import ContractError
from shared.orchestration.drift import Difference, difference
from shared.orchestration.failures import Failure, all_transient
from shared.orchestration.job import Changes, Operation, changes_of
from shared.orchestration.losses import PlannedStep
from shared.orchestration.plan_violation import is_about_steps, is_unreached, is_violation, without_values
from shared.orchestration.property_changes import property_changes
from shared.orchestration.resource_changes import PropertyChange, is_default_provider, name_of, type_of
from shared.orchestration.resource_steps import ResourceStep, StepState

_KINDS = {
    OpType.CREATE: "create",
    OpType.IMPORT: "create",
    OpType.UPDATE: "update",
    OpType.REPLACE: "replace",
    OpType.CREATE_REPLACEMENT: "replace",
    OpType.DELETE_REPLACED: "replace",
    OpType.IMPORT_REPLACEMENT: "replace",
    OpType.DELETE: "delete",
    OpType.DISCARD: "delete",
    OpType.SAME: "same",
}
_PLANNED: dict[OpType, Literal["update", "replace", "delete"]] = {
    OpType.UPDATE: "update",
    OpType.REPLACE: "replace",
    OpType.DELETE: "delete",
}
# A reference that the program no longer has is taken out of the state: that is not reading.
_LET_GO = {OpType.DELETE, OpType.DELETE_REPLACED, OpType.DISCARD, OpType.DISCARD_REPLACED}
_TIMED = {
    OpType.CREATE,
    OpType.UPDATE,
    OpType.DELETE,
    OpType.CREATE_REPLACEMENT,
    OpType.DELETE_REPLACED,
    OpType.READ,
    OpType.READ_REPLACEMENT,
    OpType.REFRESH,
    OpType.IMPORT,
    OpType.IMPORT_REPLACEMENT,
}
"""Steps in which a cloud is asked to do something. The others are the engine's own, and take no time."""
_CREATIONS = {OpType.CREATE, OpType.CREATE_REPLACEMENT}
_REFERENCE = "pulumi:pulumi:StackReference"
_COLOR = re.compile(r"<\{%.*?%\}>")
_NO_STACK = re.compile(r'unknown stack "organization/(?P<stack>[^/]+)/(?P<environment>[^"]+)"')
_STACK_LINE = re.compile(r'File ".*?/(?P<file>stacks/[^"]+)", line (?P<line>\d+)')
_UNREADABLE = "eliding undecryptable secrets"
_NOISE = re.compile(r"^(update failed|preview failed|an unhandled error occurred: .*)$", re.DOTALL)


class Observation:
    """Collects the events of one operation. on_step hears of each step on a resource: how many are done, and the step.

    operation: what is observed. previews_first: whether the engine previews before it updates; that preview counts for
    nothing. properties: names of inputs that may be said when the engine's plan refuses something, by URN. place_of:
    returns the line of the program that a resource comes from, by URN, or nothing.
    """

    def __init__(
        self,
        operation: Operation,
        on_step: Callable[[int, ResourceStep], None],
        *,
        previews_first: bool = False,
        properties: Mapping[str, Collection[str]] | None = None,
        place_of: Callable[[str], str] | None = None,
    ) -> None:
        self.operation: Operation = operation
        self._on_step = on_step
        self._phases_to_ignore = 1 if previews_first else 0
        self._properties = properties or {}
        self._place_of = place_of or _nowhere
        self._messages: list[tuple[str, str]] = []
        self._violations: list[str] = []
        self._failures = 0
        self._details: dict[str, tuple[PropertyChange, ...]] = {}
        self._kinds: dict[str, str] = {}
        self._errors: list[str] = []
        self._references: set[str] = set()
        self._steps: list[PlannedStep] = []
        self._differences: dict[str, Difference] = {}
        self._failed_steps: dict[str, str] = {}
        self._failures_of: dict[str, str] = {}
        self._failed_creations: dict[str, StepEventStateMetadata] = {}

    def hear(self, event: EngineEvent) -> None:
        """Take in one event."""
        if event.summary_event and self._phases_to_ignore:
            self._phases_to_ignore -= 1
        if event.resource_pre_event:
            self._begun(event.resource_pre_event.metadata)
        if event.res_outputs_event:
            self._done(event.res_outputs_event.metadata)
        if event.res_op_failed_event:
            self._broke(event.res_op_failed_event.metadata)
        if event.diagnostic_event:
            self._said(event.diagnostic_event)

    @property
    def changes(self) -> Changes:
        """Return how many resources were touched; in a preview, how many would be."""
        return changes_of(self._kinds)

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return what happens to each resource, by URN: create, update, replace, delete or same."""
        return dict(self._kinds)

    @property
    def steps(self) -> tuple[PlannedStep, ...]:
        """Return what a preview would do with resources that exist and hold something."""
        return tuple(self._steps)

    @property
    def references(self) -> frozenset[str]:
        """Return the stacks that were read from."""
        return frozenset(self._references)

    @property
    def details(self) -> Mapping[str, tuple[PropertyChange, ...]]:
        """Return the inputs that a preview changes, by URN."""
        return dict(self._details)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return what went wrong, but for what the plan refuses."""
        return tuple(
            Failure(urn=urn, message=message, operated=urn in self._failed_steps) for urn, message in self._messages
        )

    @property
    def transient(self) -> bool:
        """Return whether something went wrong, and all of it passes by itself."""
        return all(map(is_unreached, self._violations)) and all_transient(self.failures)

    @property
    def failed_creations(self) -> Mapping[str, StepEventStateMetadata]:
        """Return what was to be made and was not, as far as the engine knows, by URN."""
        return dict(self._failed_creations)

    @property
    def differences(self) -> Mapping[str, Difference]:
        """Return how resources differ from the state, by URN; those that are gone are in `kinds` only."""
        return dict(self._differences)

    @property
    def refused_by_plan(self) -> bool:
        """Return whether the plan is all that stood in the way."""
        return bool(self._violations) and not self._failures

    @property
    def refused_steps_only(self) -> bool:
        """Return whether what stood in the way is only what is done to resources, not what they would become."""
        return self.refused_by_plan and all(is_about_steps(message) for message in self._violations)

    @property
    def reason(self) -> str:
        """Return the first thing that went wrong, in one line; empty where nothing did."""
        telling = [error for error in self._errors if not _NOISE.match(error.rpartition(": ")[2] or error)]
        return next(iter([*telling, *self._errors]), "")

    def _begun(self, step: StepEventMetadata) -> None:
        if step.type == _REFERENCE:
            if OpType(step.op) not in _LET_GO:
                self._references.add(step.urn.rpartition("::")[2].split("/")[1])
        elif self.operation == "preview":
            self._count(step)
            self._plan(step)
        elif not self._phases_to_ignore and step.new is not None and not step.new.custom:
            self._count(step)  # a component that registers no outputs says nothing more
        if self.operation != "preview" and not self._phases_to_ignore and _takes_time(step):
            self._tell(step.urn, step.op, "begun")

    def _done(self, step: StepEventMetadata) -> None:
        if step.type != _REFERENCE and not self._phases_to_ignore:
            self._count(step)
            refreshes = self.operation in {"drift", "refresh"}
            if refreshes:
                self._compare(step)
            # A refresh ends with what it found, such as an update.
            self._tell(step.urn, OpType.REFRESH if refreshes else step.op, "done")

    def _compare(self, step: StepEventMetadata) -> None:
        if OpType(step.op) is not OpType.UPDATE:
            return
        old, new = step.old, step.new
        found = difference(
            ((old and old.inputs) or {}, (new and new.inputs) or {}),
            ((old and old.outputs) or {}, (new and new.outputs) or {}),
            step.diffs or step.detailed_diff or (),
        )
        if found is None:
            self._kinds[step.urn] = "same"
        else:
            self._differences[step.urn] = found

    def _broke(self, step: StepEventMetadata) -> None:
        if not self._phases_to_ignore:
            self._failed_steps[step.urn] = OpType(step.op).value
            if OpType(step.op) in _CREATIONS and step.new and step.new.custom:
                self._failed_creations[step.urn] = step.new
            self._tell(step.urn, step.op, "failed", self._failures_of.get(step.urn, ""))

    def _tell(self, urn: str, operation: str, state: StepState, error: str = "") -> None:
        said = OpType(operation).value
        step = ResourceStep(urn=urn, operation=said, state=state, at=time.monotonic(), error=error)
        self._on_step(len(self._kinds), step)

    def _count(self, step: StepEventMetadata) -> None:
        if is_default_provider(step.urn):
            return  # the engine makes these by itself, and does not count them either
        kind = _KINDS.get(OpType(step.op))
        # A replacement comes as several steps; whichever of them is heard first, it is one replacement.
        if kind and self._kinds.get(step.urn) != "replace":
            self._kinds[step.urn] = kind

    def _plan(self, step: StepEventMetadata) -> None:
        self._details[step.urn] = property_changes(
            (step.old.inputs if step.old else None) or {}, (step.new.inputs if step.new else None) or {}
        )
        kind = _PLANNED.get(OpType(step.op))
        # A retained resource leaves the state only, and stays in the cloud.
        if kind is None or step.old is None or not step.old.custom or (kind == "delete" and step.old.retain_on_delete):
            return
        self._steps.append(
            PlannedStep(
                urn=step.urn,
                type=step.type,
                kind=kind,
                id=step.old.id,
                keys=tuple(step.keys or _forced(step)),
                changed=tuple(step.diffs or step.detailed_diff or _differing(step)),
                old=step.old.inputs or {},
                new=(step.new.inputs if step.new else None) or {},
            )
        )

    def _said(self, said: DiagnosticEvent) -> None:
        message = _COLOR.sub("", said.message)
        if _UNREADABLE in message:
            self._failures += 1
            self._errors.append("secrets of another stack cannot be decrypted here: log in as who may use its key")
        elif said.severity == "error" and is_violation(message):
            self._violations.append(message)
            self._errors.append(without_values(message, said.urn or "", self._properties))
        elif said.severity == "error":
            self._failed(said.message, said.urn or "")

    @property
    def unreadable(self) -> bool:
        """Return whether secrets of another stack came as empty values."""
        return any(error.startswith("secrets of another stack") for error in self._errors)

    def _failed(self, message: str, urn: str) -> None:
        if not _NOISE.match(_COLOR.sub("", message).strip().removeprefix("error: ")):
            self._failures += 1
            about = "" if "pulumi:pulumi:Stack::" in urn else urn
            self._messages.append((about, _COLOR.sub("", message).strip()))
        text = _raised(message) or " ".join(_COLOR.sub("", message).split()).removeprefix("error: ")
        missing = _NO_STACK.search(text)
        if missing:
            problem = "cannot be read: that stack was never deployed"
            text = str(
                ContractError(
                    producer=missing["stack"], environment=missing["environment"], field="(any)", problem=problem
                )
            )
        elif urn and "pulumi:pulumi:Stack::" not in urn:
            place = self._place_of(urn)
            where = f"{place}: " if place else ""
            self._blame(urn, f"{where}{text}")
            text = f"{where}{name_of(urn)} ({type_of(urn)}): {text}"
        if text not in self._errors:
            self._errors.append(text)

    def _blame(self, urn: str, text: str) -> None:
        """Keep the first error of a resource. The step that failed is told again where that was said first."""
        first = self._failures_of.setdefault(urn, text)
        if first is text and urn in self._failed_steps:
            self._tell(urn, self._failed_steps[urn], "failed", text)


def _takes_time(step: StepEventMetadata) -> bool:
    state = step.new or step.old
    custom = state is None or bool(state.custom)
    return OpType(step.op) in _TIMED and custom and not step.type.startswith("pulumi:")


def _forced(step: StepEventMetadata) -> list[str]:
    """Return the inputs of which the program says that a change makes the resource anew: the engine's keys lack them.

    A resource that follows the replacement of another has none.
    """
    return [path for path, found in (step.detailed_diff or {}).items() if found.diff_kind.value.endswith("-replace")]


def _differing(step: StepEventMetadata) -> list[str]:
    """Return the inputs that differ: the engine names none where a resource follows the replacement of another."""
    old = (step.old.inputs if step.old else None) or {}
    new = (step.new.inputs if step.new else None) or {}
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _raised(message: str) -> str | None:
    """Return what a program raised and on which of its lines, where `message` is its traceback."""
    if not message.lstrip().removeprefix("error: ").startswith("python inline source runtime error"):
        return None
    lines = [line.strip() for line in _COLOR.sub("", message).strip().splitlines()]
    places = [found for line in lines if (found := _STACK_LINE.search(line))]
    place = f"{places[-1]['file']}:{places[-1]['line']}: " if places else ""
    return f"{place}{lines[-1]}"


def _nowhere(_: str) -> str:
    return ""
