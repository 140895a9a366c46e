"""What the engine's events say about one operation: the report is built from these, never from its printed text."""

import re
from collections.abc import Callable, Mapping
from typing import Literal

from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import StepEventMetadata

from shared.contracts.errors import ContractError
from shared.orchestration.job import Changes, Operation
from shared.orchestration.losses import PlannedStep

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
_REFERENCE = "pulumi:pulumi:StackReference"
_COLOR = re.compile(r"<\{%.*?%\}>")
_NO_STACK = re.compile(r'unknown stack "organization/(?P<stack>[^/]+)/(?P<environment>[^"]+)"')
_STACK_LINE = re.compile(r'File ".*?/(?P<file>stacks/[^"]+)", line (?P<line>\d+)')
_NOISE = re.compile(r"^(update failed|preview failed|an unhandled error occurred: .*)$", re.DOTALL)


class Observation:
    """Collects the events of one operation. on_done hears of each resource that is done: count and description."""

    def __init__(self, operation: Operation, on_done: Callable[[int, str], None]) -> None:
        self._operation: Operation = operation
        self._on_done = on_done
        self._kinds: dict[str, str] = {}
        self._errors: list[str] = []
        self._references: set[str] = set()
        self._steps: list[PlannedStep] = []

    def hear(self, event: EngineEvent) -> None:
        """Take in one event."""
        if event.resource_pre_event:
            self._begun(event.resource_pre_event.metadata)
        if event.res_outputs_event:
            self._done(event.res_outputs_event.metadata)
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self._failed(event.diagnostic_event.message, event.diagnostic_event.urn or "")

    @property
    def changes(self) -> Changes:
        """Return how many resources were touched; in a preview, how many would be."""
        kinds = list(self._kinds.values())
        return Changes(**{kind: kinds.count(kind) for kind in sorted(set(kinds))})

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
    def reason(self) -> str:
        """Return the first thing that went wrong, in one line; empty where nothing did."""
        telling = [error for error in self._errors if not _NOISE.match(error.rpartition(": ")[2] or error)]
        return next(iter([*telling, *self._errors]), "")

    def _begun(self, step: StepEventMetadata) -> None:
        if step.type == _REFERENCE:
            if OpType(step.op) not in _LET_GO:
                self._references.add(step.urn.rpartition("::")[2].split("/")[1])
        elif self._operation == "preview":
            self._count(step)
            self._plan(step)

    def _done(self, step: StepEventMetadata) -> None:
        if step.type != _REFERENCE:
            self._count(step)
            self._on_done(len(self._kinds), f"{step.type} {step.urn.rpartition('::')[2]}")

    def _count(self, step: StepEventMetadata) -> None:
        if _is_default_provider(step.urn):
            return  # the engine makes these by itself, and does not count them either
        kind = _KINDS.get(OpType(step.op))
        # A replacement comes as several steps; whichever of them is heard first, it is one replacement.
        if kind and self._kinds.get(step.urn) != "replace":
            self._kinds[step.urn] = kind

    def _plan(self, step: StepEventMetadata) -> None:
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
                keys=tuple(step.keys or ()),
                changed=tuple(step.diffs or step.detailed_diff or ()),
                old=step.old.inputs or {},
                new=(step.new.inputs if step.new else None) or {},
            )
        )

    def _failed(self, message: str, urn: str) -> None:
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
            text = f"{urn.rpartition('::')[2]} ({urn.split('::')[2].rpartition('$')[2]}): {text}"
        if text not in self._errors:
            self._errors.append(text)


def _raised(message: str) -> str | None:
    """Return what a program raised and on which of its lines, where `message` is its traceback."""
    if not message.lstrip().removeprefix("error: ").startswith("python inline source runtime error"):
        return None
    lines = [line.strip() for line in _COLOR.sub("", message).strip().splitlines()]
    places = [found for line in lines if (found := _STACK_LINE.search(line))]
    place = f"{places[-1]['file']}:{places[-1]['line']}: " if places else ""
    return f"{place}{lines[-1]}"


def _is_default_provider(urn: str) -> bool:
    kind, _, name = urn.rpartition("::")
    return kind.split("::")[-1].startswith("pulumi:providers:") and name.startswith("default")
