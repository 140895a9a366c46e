"""A run to write journals of."""

import dataclasses
import datetime
from pathlib import Path

from shared.journal.model import RunRecord
from shared.journal.run_ids import new_run_id
from shared.lease.record import Owner
from shared.orchestration.queue import Result
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.store import StateStore

OWNER = Owner(user="ann", host="here", pid=1, started=7, machine="m", boot="b", processes="p")
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


def store(folder: Path) -> StateStore:
    return open_store(folder.as_uri())


def record(minute: int = 0, *stacks: str, settled: dict[str, Result] | None = None) -> RunRecord:
    return RunRecord(
        schema_version=1,
        run=new_run_id(NOON + datetime.timedelta(minutes=minute), None),
        doing="deploy",
        command="deploy",
        environment="sandbox",
        stacks=stacks or ("a", "b", "c"),
        settled=settled or {},
        commit=None,
        sources="0" * 64,
        owner=OWNER,
        confirmed=("rg-one",),
        started="2026-01-01T12:00:00Z",
        continues=None,
    )


@dataclasses.dataclass
class FailingStore:
    """A store whose backend stops answering after some objects were created."""

    store: StateStore
    answers: int
    asked: int = 0

    def create(self, name: str, content: bytes) -> bool:
        self.asked += 1
        if self.asked > self.answers:
            raise StateStoreError(backend="file:///gone", problem="it does not answer")
        return self.store.create(name, content)
