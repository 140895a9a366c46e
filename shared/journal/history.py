"""Read what runs did."""

import dataclasses
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pydantic import ValidationError

from shared.journal.errors import JournalError
from shared.journal.model import Ending, Entry, RunRecord, Transition
from shared.journal.places import ENDING, PLAN_SET, RECORD, place, run_of, runs_folder
from shared.state_store.store import StateStore

_Entry = TypeVar("_Entry", bound=Entry)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PastRun:
    """A run as its journal tells it. transitions: in their order. ending: None where it never ended."""

    record: RunRecord
    transitions: tuple[Transition, ...]
    ending: Ending | None

    @property
    def last(self) -> Mapping[str, Transition]:
        """Return the last transition of each stack that has one."""
        return {one.stack: one for one in self.transitions}

    @property
    def ended_well(self) -> bool:
        """Return whether nothing is left to do."""
        return self.ending is not None and self.ending.exit_code == 0


def last_run(store: StateStore, environment: str) -> PastRun | None:
    """Return the last run of an environment, None where there was none. Raises StateStoreError, JournalError."""
    names = store.list(runs_folder(environment))
    runs = begun(names)
    return read_run(store, environment, runs[-1], names) if runs else None


def begun(names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the runs that have a record, oldest first. names: of the objects of an environment's runs."""
    return tuple(sorted(run for name in names if name.endswith(f"/{RECORD}") and (run := run_of(name))))


def read_run(store: StateStore, environment: str, run: str, names: Iterable[str]) -> PastRun:
    """Return one run. names: of objects, its own among them. Raises StateStoreError, JournalError."""
    mine = [name for name in names if run_of(name) == run]
    events = sorted(name for name in mine if name.startswith(place(environment, run, "events/")))
    wanted = [place(environment, run, RECORD), *(name for name in mine if name.endswith(f"/{ENDING}")), *events]
    with ThreadPoolExecutor() as threads:
        contents = dict(zip(wanted, threads.map(store.get, wanted), strict=True))

    def read(kind: type[_Entry], name: str) -> _Entry:
        return _entry(kind, contents[name], environment, run, name)

    ending = place(environment, run, ENDING)
    return PastRun(
        record=read(RunRecord, place(environment, run, RECORD)),
        transitions=tuple(sorted((read(Transition, name) for name in events), key=lambda one: one.number)),
        ending=read(Ending, ending) if ending in contents else None,
    )


def plan_set_of(store: StateStore, record: RunRecord) -> bytes | None:
    """Return what a run was approved to do, sealed; None of a run that keeps none. Raises StateStoreError."""
    return store.get(place(record.environment, record.run, PLAN_SET))


def _entry(kind: type[_Entry], content: bytes | None, environment: str, run: str, name: str) -> _Entry:
    try:
        return kind.model_validate_json(content or b"")
    except ValidationError as error:
        # Only where: the message of the library quotes what it found.
        where = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
        problem = f"{name} is damaged, or of another version of this program, at {where or 'the top'}"
        raise JournalError(environment=environment, run=run, problem=problem) from None
