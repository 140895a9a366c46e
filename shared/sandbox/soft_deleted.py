"""Names that deleted resources still hold: services keep what was deleted for days, and its name with it."""

import dataclasses
import datetime
import sqlite3
import threading
from collections.abc import Callable

Clock = Callable[[], datetime.datetime]
"""Tells the time, with its zone. Tests have one that they can set."""


def now() -> datetime.datetime:
    """Return the time."""
    return datetime.datetime.now(datetime.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SoftDeleted:
    """A deleted resource whose name is not free yet.

    name: in the scope in which it must be unique, as Record.unique_name has it; the id where that is the scope.
    location: the resource's; empty where it has none. protected: whether nobody can purge it before `until`.
    """

    name: str
    id: str
    token: str
    location: str
    deleted: datetime.datetime
    until: datetime.datetime
    protected: bool


class SoftDeletedNames:
    """The table of these names. What its time has passed for is gone, as a service purges it by itself."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.RLock, clock: Clock) -> None:
        self._connection = connection
        self._lock = lock
        self.clock = clock

    def add(self, gone: SoftDeleted) -> None:
        """Reserve a name."""
        row = (gone.name, gone.id, gone.token, gone.location)
        times = (gone.deleted.isoformat(), gone.until.isoformat())
        with self._lock:
            self._connection.execute(
                "INSERT OR REPLACE INTO soft_deleted (name, id, token, location, deleted, until, protected)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, *times, int(gone.protected)),
            )

    def find(self, name: str) -> SoftDeleted | None:
        """Return what still holds a name (case does not matter), or None."""
        return next((one for one in self.all() if one.name.lower() == name.lower()), None)

    def all(self) -> list[SoftDeleted]:
        """Return everything that still holds a name, by name."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM soft_deleted ORDER BY name").fetchall()
        today = self.clock()
        return [one for one in map(_soft_deleted, rows) if one.until > today]

    def remove(self, resource_id: str) -> None:
        """Free the name of a resource, and of what was deleted below it before."""
        below = f"{resource_id.lower()}/"
        with self._lock:
            self._connection.execute(
                "DELETE FROM soft_deleted WHERE id = ? OR substr(lower(id), 1, ?) = ?",
                (resource_id, len(below), below),
            )


def _soft_deleted(row: tuple[str, str, str, str, str, str, int]) -> SoftDeleted:
    name, resource_id, token, location, deleted, until, protected = row
    return SoftDeleted(
        name=name,
        id=resource_id,
        token=token,
        location=location,
        deleted=datetime.datetime.fromisoformat(deleted),
        until=datetime.datetime.fromisoformat(until),
        protected=bool(protected),
    )
