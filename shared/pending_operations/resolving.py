"""Resolve what killed runs left half done, stack by stack: all of a stack's pending operations, or none.

Nothing but the state is changed, in one write at the end: who is killed in here leaves everything to the next one.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from shared.engine import Engine
from shared.environment import Environment
from shared.orchestration.backend import states
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.planned_outputs import is_secret, resources_of
from shared.orchestration.session import Session
from shared.orchestration.transient_errors import is_transient
from shared.pending_operations.errors import PendingOperationError
from shared.pending_operations.ids_from_inputs import id_from_inputs
from shared.pending_operations.marks import MARKS
from shared.pending_operations.model import PendingOperation, ResolvedOperation, pending_in
from shared.pending_operations.opening import search_of
from shared.pending_operations.probe import EngineFolder, ProbeError, probed
from shared.pending_operations.search import Search, SearchError
from shared.pending_operations.state_edit import Finding, live, resolved
from shared.sandbox.changes_under_way import ChangesUnderWay

Checkpoints = Mapping[str, Mapping[str, Any]]
_Resource = Mapping[str, Any]

_HARMLESS: Final = frozenset({"reading", "importing"})
_KNOWN: Final = frozenset({"creating", "updating", "deleting"}) | _HARMLESS
_OURS: Final = ("platform", "environment", "stack")
"""Tags that say whose a resource is."""
_LATER: Final = (2.0, 5.0, 10.0)
"""Seconds after which a real cloud is asked again for what it does not show: what was just made may come late."""
_LONGEST, _POLL = 60.0, 0.2
"""Seconds for which simulated clouds are waited for, and after which they are asked again."""
_UNFINISHED: Final = frozenset({"accepted", "creating", "provisioning", "running", "updating"})
_AGAIN: Final = "then run the same command again"


class Place(Protocol):
    """An environment whose clouds are up, as shared.commands.ready.Ready has it."""

    @property
    def environment(self) -> Environment:
        """Return the environment."""
        ...

    @property
    def session(self) -> Session:
        """Return where its things are."""
        ...

    @property
    def engine(self) -> Engine:
        """Return the engine."""
        ...


def pending_operations(checkpoints: Checkpoints, stacks: Iterable[str]) -> tuple[PendingOperation, ...]:
    """Return what killed runs left half done in some stacks, from their checkpoints alone."""
    return tuple(one for stack in stacks if stack in checkpoints for one in pending_in(stack, checkpoints[stack]))


def resolve(
    place: Place,
    stacks: Iterable[str],
    *,
    sleep: Callable[[float], None] = time.sleep,
    command: EngineCommand | None = None,
) -> tuple[ResolvedOperation, ...]:
    """Resolve all pending operations of `stacks`, and return how. No engine may work on them meanwhile.

    command: how the engine is called by a worker, while other stacks are worked on; None where nobody works on any.

    What exists in the cloud is in the state afterwards, what does not exist is not, and the next update or destruction
    does the rest. The state as it was before is kept among the backend's backups.
    Raises PendingOperationError, with nothing changed in that stack; BackendError.
    """
    checkpoints = states(place.session)
    found: list[ResolvedOperation] = []
    for stack in sorted(set(stacks) & set(checkpoints)):
        operations = tuple(pending_in(stack, checkpoints[stack]))
        if operations:
            found += _Resolution(place, stack, checkpoints, sleep, command).resolve(operations)
    return tuple(found)


class _Resolution:
    """The resolution of one stack's pending operations."""

    def __init__(
        self,
        place: Place,
        stack: str,
        checkpoints: Checkpoints,
        sleep: Callable[[float], None],
        command: EngineCommand | None,
    ) -> None:
        self._place = place
        self._command = command
        self._stack = stack
        self._checkpoint = checkpoints[stack]
        self._owned = frozenset(_owned(checkpoints))
        self._search: Search = search_of(place.environment, place.session.inventory)
        self._waits = () if place.session.inventory else _LATER
        self._sleep = sleep

    def resolve(self, operations: Sequence[PendingOperation]) -> list[ResolvedOperation]:
        place = self._place
        place.session.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(prefix="pending-", dir=place.session.work) as name:
            folder = EngineFolder(
                folder=Path(name),
                stack=self._stack,
                session=place.session,
                engine=place.engine,
                command=self._command,
            )
            folder.settle(self._checkpoint)
            findings = self._findings(folder, operations)
            self._write(folder, operations[0], resolved(self._checkpoint, findings))
        return [
            ResolvedOperation(
                stack=self._stack,
                urn=one.operation.urn,
                operation=one.operation.operation,
                result=one.result,
            )
            for one in findings
        ]

    def _findings(self, folder: EngineFolder, operations: Sequence[PendingOperation]) -> list[Finding]:
        if self._command is None:  # else an engine has ended in order, and what is under way is of other stacks
            self._wait_for_simulated_clouds(operations[0])
        found = self._look(folder, operations)
        for seconds in self._waits:
            if not any(_unsettled(one) for one in found):
                break
            self._sleep(seconds)
            found = self._look(folder, operations)
        for one in found:
            _refuse(one)
        return found

    def _wait_for_simulated_clouds(self, first: PendingOperation) -> None:
        """Wait until nothing that an engine asked for before it died is still to come."""
        inventory, waited = self._place.session.inventory, 0.0
        changes = ChangesUnderWay(inventory) if inventory else None
        while changes and changes.any():
            if waited >= _LONGEST:
                raise _still_at_it(first)
            self._sleep(_POLL)
            waited += _POLL

    def _look(self, folder: EngineFolder, operations: Sequence[PendingOperation]) -> list[Finding]:
        asked = [self._candidate(one) for one in operations]
        wanted = [one for one in asked if one]
        try:
            answers = iter(probed(folder, self._checkpoint, wanted))
        except ProbeError as error:
            problem = f"what is in the cloud cannot be read: {error.problem}"
            passes = is_transient(operations[0].type, error.problem)
            raise _error(operations[0], problem, f"put that right, {_AGAIN}", passes=passes) from None
        return [
            _finding(operation, candidate, next(answers) if candidate else None)
            for operation, candidate in zip(operations, asked, strict=True)
        ]

    def _candidate(self, operation: PendingOperation) -> _Resource | None:
        """Return the resource to ask the cloud for; None where there is nothing to ask."""
        if operation.operation not in _KNOWN:
            problem = f"no one here knows what {operation.operation} means"
            raise _error(operation, problem, f"resolve it by hand with pulumi refresh, {_AGAIN}")
        if operation.operation in _HARMLESS or not _in_a_cloud(operation.resource):
            return None
        if operation.operation == "creating":
            return self._created(operation)
        if operation.operation == "updating":
            return live(resources_of(self._checkpoint), operation.urn)
        return operation.resource

    def _created(self, operation: PendingOperation) -> _Resource | None:
        found = self._id_of(operation)
        if found is None or (operation.type, found.lower()) in self._owned:
            return None
        # As outputs the inputs will do: providers read by id, or by the inputs among the outputs.
        inputs = operation.resource.get("inputs") or {}
        return {**operation.resource, "id": found, "outputs": inputs}

    def _id_of(self, operation: PendingOperation) -> str | None:
        """Return the id of what may have been created; None where it is sure that nothing was."""
        inputs = _plain(operation.resource.get("inputs") or {})
        try:
            found = id_from_inputs(operation.type, inputs, self._place.environment)
        except KeyError as error:
            problem = f"its id cannot be told without {error.args[0]}"
            raise _unknown(operation, problem) from None
        if found is not None:
            return found
        if operation.type not in MARKS:
            raise _unknown(operation, "nothing is known by which to find it")
        return self._found(operation, {name: inputs.get(name) for name in MARKS[operation.type]})

    def _found(self, operation: PendingOperation, marks: Mapping[str, Any]) -> str | None:
        try:
            ids = self._search.find(operation.type, marks)
        except SearchError as error:
            problem = f"the cloud cannot be asked whether it exists: {error}"
            passes = is_transient(operation.type, f"api error {error.problem}:")
            raise _error(operation, problem, f"put that right, {_AGAIN}", passes=passes) from None
        new = [one for one in ids if (operation.type, one.lower()) not in self._owned]
        if len(new) > 1:
            problem = f"there are {len(new)} that could be it: {', '.join(sorted(new))}"
            raise _error(operation, problem, f"delete those that nobody needs, {_AGAIN}")
        return next(iter(new), None)

    def _write(self, folder: EngineFolder, first: PendingOperation, checkpoint: Mapping[str, Any]) -> None:
        """Put the new state in place of the old one. The engine checks that its parts fit together, and keeps both."""
        document = {"version": checkpoint["version"], "deployment": checkpoint["checkpoint"]["latest"]}
        if "features" in checkpoint:
            document["features"] = checkpoint["features"]
        file = folder.folder / "state.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        try:
            folder.run("stack", "import", "--file", str(file))
        except ProbeError as error:
            problem = f"the state cannot be written: {error.problem}"
            raise _error(first, problem, f"put that right, {_AGAIN}") from None


def _owned(checkpoints: Checkpoints) -> Iterator[tuple[str, str]]:
    """Yield type and id of everything that is in some state: none of it was made by a creation that never ended."""
    for checkpoint in checkpoints.values():
        for one in resources_of(checkpoint):
            if one.get("id") and not one.get("pendingReplacement"):
                yield str(one["type"]), str(one["id"]).lower()


def _in_a_cloud(resource: _Resource) -> bool:
    return bool(resource.get("custom")) and not str(resource["type"]).startswith("pulumi:")


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if not is_secret(value)}


def _finding(operation: PendingOperation, candidate: _Resource | None, found: _Resource | None) -> Finding:
    if operation.operation in _HARMLESS or not _in_a_cloud(operation.resource):
        return Finding(operation=operation, result="harmless")
    if operation.operation == "creating":
        return Finding(operation=operation, result="adopted" if found else "absent", found=found)
    if candidate is None:  # an update of what is in no state any more
        return Finding(operation=operation, result="harmless")
    if found is None:
        return Finding(operation=operation, result="gone")
    result = "read again" if operation.operation == "updating" else "to delete again"
    return Finding(operation=operation, result=result, found=found)


def _unsettled(finding: Finding) -> bool:
    """Return whether the cloud may show something else in a moment."""
    return finding.result == "absent" or _state_of(finding) in _UNFINISHED


def _state_of(finding: Finding) -> str:
    """Return how far Azure is with a resource, in small letters; empty where it does not say."""
    outputs: Mapping[str, Any] = (finding.found or {}).get("outputs") or {}
    nested = outputs.get("properties")
    inner: Mapping[str, Any] = nested if isinstance(nested, Mapping) else {}
    return str(outputs.get("provisioningState") or inner.get("provisioningState") or "").lower()


def _refuse(finding: Finding) -> None:
    """Raise PendingOperationError where what was found must not be put into the state."""
    operation = finding.operation
    if finding.result != "adopted" or not finding.found:
        return
    if _state_of(finding) in _UNFINISHED:
        raise _still_at_it(operation)
    if _state_of(finding) in {"failed", "canceled"}:
        problem = f"{finding.found['id']} exists, and its creation failed"
        raise _error(operation, problem, f"delete it, {_AGAIN}")
    said, seen = (_tags(one) for one in (operation.resource.get("inputs"), finding.found.get("outputs")))
    other = [name for name in _OURS if name in said and seen.get(name, said[name]) != said[name]]
    if other:
        problem = f"{finding.found['id']} exists, and belongs to another {' and '.join(other)} by its tags"
        raise _error(operation, problem, f"give one of the two another name, {_AGAIN}")


def _tags(values: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found = (values or {}).get("tags")
    return found if isinstance(found, Mapping) else {}


def _still_at_it(operation: PendingOperation) -> PendingOperationError:
    return _error(operation, "the cloud is still at it", f"wait until it has ended there, {_AGAIN}", passes=True)


def _unknown(operation: PendingOperation, problem: str) -> PendingOperationError:
    name = operation.urn.rpartition("::")[2]
    fix = (
        f"look in the cloud whether {name} was created, and delete it if so; then take the operation out of the state "
        f"with pulumi refresh --clear-pending-creates --stack organization/{operation.stack}/"
        f"{operation.urn.split(':')[2]} in stacks/{operation.stack}, and run the same command again"
    )
    return _error(operation, problem, fix)


def _error(operation: PendingOperation, problem: str, fix: str, *, passes: bool = False) -> PendingOperationError:
    return PendingOperationError(
        stack=operation.stack,
        urn=operation.urn,
        operation=operation.operation,
        problem=problem,
        fix=fix,
        passes=passes,
    )
