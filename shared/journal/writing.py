"""Write what a run does, each step before the next one begins."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from shared.journal.history import begun
from shared.journal.model import SCHEMA_VERSION, Ending, RunRecord, State, Transition
from shared.journal.places import ENDING, PLAN_SET, RECORD, event_name, place, run_of, runs_folder
from shared.orchestration.job import StackOutcome
from shared.orchestration.queue import Result
from shared.state_store.errors import StateStoreError
from shared.state_store.store import StateStore

KEPT_RUNS: Final = 50
"""How many runs of an environment are kept. One that never ended is kept beyond that."""


class Journal:
    """The journal of one run, which has begun. Not thread-safe."""

    def __init__(self, store: StateStore, record: RunRecord) -> None:
        self.record = record
        self._store = store
        self._number = 0
        self._broken = ""

    @property
    def broken(self) -> str:
        """Return why nothing can be noted any more; empty where all is well."""
        return self._broken

    def note(self, stack: str, state: State, *, withheld: int = 0, exit_code: int = 0) -> str:
        """Write a transition. Return why that failed, as every later one does then; empty where it went well."""
        if not self._broken:
            self._number += 1
            entry = Transition(
                schema_version=SCHEMA_VERSION,
                number=self._number,
                stack=stack,
                state=state,
                withheld=withheld,
                exit_code=exit_code,
                time=spelled(right_now()),
            )
            self._create(event_name(self._number, stack, state), entry.model_dump_json())
        return self._broken

    def end(self, result: Result, exit_code: int, report: JsonValue) -> str:
        """Write how the run ended. Return why that failed; empty where it went well."""
        ending = Ending(
            schema_version=SCHEMA_VERSION, result=result, exit_code=exit_code, time=spelled(right_now()), report=report
        )
        if not self._broken:
            self._create(ENDING, ending.model_dump_json())
        return self._broken

    def _create(self, name: str, text: str) -> None:
        try:
            if not self._store.create(place(self.record.environment, self.record.run, name), text.encode()):
                self._broken = f"somebody else writes into the journal of run {self.record.run}"
        except StateStoreError as error:
            self._broken = str(error)


def begin(store: StateStore, record: RunRecord, plan_set: bytes | None) -> Journal:
    """Write what a run sets out to do, forget the oldest runs, and return its journal. Raises StateStoreError.

    plan_set: what was approved, sealed.
    """
    forget_old(store, record.environment)
    if plan_set is not None:
        store.put(place(record.environment, record.run, PLAN_SET), plan_set)
    # Last: from here on the run exists, and has all that is needed to go on with it.
    store.put(place(record.environment, record.run, RECORD), record.model_dump_json().encode())
    return Journal(store, record)


def forget_old(store: StateStore, environment: str, *, keep: int = KEPT_RUNS) -> None:
    """Delete all but the newest `keep` runs; not those that never ended. Raises StateStoreError."""
    names = store.list(runs_folder(environment))
    runs = sorted({run for name in names if (run := run_of(name))})
    there, old = set(names), set(runs[: max(0, len(runs) - keep)])
    known = set(begun(names))
    gone = {run for run in old if run not in known or place(environment, run, ENDING) in there}
    # The ending last: what is torn in the middle is still a run that may be forgotten.
    for name in sorted((one for one in names if run_of(one) in gone), key=lambda one: one.endswith(f"/{ENDING}")):
        store.delete(name)


def right_now() -> datetime.datetime:
    """Return what time it is, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def spelled(time: datetime.datetime) -> str:
    """Return a time in UTC as journals have it: ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclasses.dataclass(frozen=True, kw_only=True)
class JournalRecorder:
    """Notes what one pass of a run does. withheld: deletions that wait for a later pass, by stack."""

    journal: Journal
    withheld: Mapping[str, int]

    def starting(self, stack: str) -> str:
        """Note that a stack is about to begin; return why it may not, empty where it may."""
        return self.journal.note(stack, "started")

    def finished(self, outcome: StackOutcome) -> None:
        """Note how a stack ended."""
        left = self.withheld.get(outcome.stack, 0)
        self.journal.note(outcome.stack, outcome.result, withheld=left, exit_code=outcome.exit_code)
