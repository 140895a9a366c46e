"""The engine's own locks on stacks, as its backends on files and buckets have them.

One object per lock, `locks/organization/<project>/<stack>/<id>.json`, with process, user, host and time of the engine
(Pulumi's sources, pkg/backend/diy/lock.go, version 3.259). It has no heartbeat: of an engine that died it stays.
"""

import dataclasses
import datetime
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from shared.orchestration.session import Session
from shared.state_store.opening import open_store
from shared.state_store.places import ENGINE_FOLDER
from shared.state_store.store import StateStore

_LOCK: Final = re.compile(r"locks/organization/(?P<stack>[^/]+)/(?P<environment>[^/]+)/[^/]+\.json")
_NANOSECONDS: Final = re.compile(r"(\.\d{6})\d+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngineLock:
    """One lock. name: of its object. pid: the engine's on its host. since: None where that cannot be read."""

    stack: str
    name: str
    pid: int
    user: str
    host: str
    since: datetime.datetime | None

    @property
    def owner(self) -> str:
        """Return who it is, for people."""
        return f"{self.user} on {self.host} (process {self.pid})"

    @property
    def began(self) -> str:
        """Return when it was made, for people."""
        return self.since.strftime("%Y-%m-%dT%H:%M:%SZ") if self.since else "an unknown time"


def engine_store(session: Session) -> StateStore:
    """Return the store of the engine's objects. Raises StateStoreError."""
    subscription = str(session.environment.azure.subscription_id or "")
    return open_store(session.variables["PULUMI_BACKEND_URL"], subscription=subscription, folder=ENGINE_FOLDER)


def engine_locks(store: StateStore, environment: str) -> tuple[EngineLock, ...]:
    """Return the locks on stacks of an environment, sorted by stack. Raises StateStoreError."""
    found = [(name, match) for name in store.list("locks") if (match := _LOCK.fullmatch(name))]
    mine = [(name, match["stack"]) for name, match in found if match["environment"] == environment]
    if not mine:
        return ()
    with ThreadPoolExecutor() as threads:
        contents = list(threads.map(store.get, [name for name, _ in mine]))
    locks = [_lock(name, stack, text) for (name, stack), text in zip(mine, contents, strict=True) if text is not None]
    return tuple(sorted(locks, key=lambda lock: (lock.stack, lock.name)))


def _lock(name: str, stack: str, content: bytes) -> EngineLock:
    """Return a lock. Of one that cannot be read nobody is known: it is nobody's of ours."""
    try:
        said = json.loads(content)
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    pid = said.get("pid")
    return EngineLock(
        stack=stack,
        name=name,
        pid=pid if isinstance(pid, int) else 0,
        user=_text(said.get("username")),
        host=_text(said.get("hostname")),
        since=_time(said.get("timestamp")),
    )


def _text(said: object) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", said)[:256] if isinstance(said, str) and said else "somebody unknown"


def _time(said: object) -> datetime.datetime | None:
    """Return a time as Go writes it (RFC 3339, nanoseconds)."""
    try:
        found = datetime.datetime.fromisoformat(_NANOSECONDS.sub(r"\1", said)) if isinstance(said, str) else None
    except ValueError:
        return None
    return found.astimezone(datetime.UTC) if found and found.tzinfo else None
