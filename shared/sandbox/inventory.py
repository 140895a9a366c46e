"""What exists in the simulated clouds: a SQLite file that outlives the run and knows nothing of Pulumi's state."""

import dataclasses
import json
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.sandbox.errors import CloudError, InventoryError
from shared.sandbox.faults.counts import FaultCounts
from shared.sandbox.inventory_schema import prepare
from shared.sandbox.soft_deleted import Clock, SoftDeletedNames, now
from shared.sandbox.wire import Properties


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record:
    """One live resource. inputs and outputs hold hashes in place of secrets.

    id: unique among the resources of its type: an S3 bucket, its policy and its versioning all have the bucket's name.
    serial: number of the operation that created it, so that a resource made anew gets new server-made ids.
    unique_name: its name within the scope where that must be unique, or None.
    """

    id: str
    token: str
    serial: int
    unique_name: str | None
    inputs: Properties
    outputs: Properties


class Inventory:
    """The live resources of the simulated clouds, in the file at `path`, and the names that deleted ones hold."""

    soft_deleted: SoftDeletedNames
    """What is deleted and not free yet; none of it is among the live resources."""

    fault_counts: FaultCounts
    """How often each fault was due."""

    def __init__(self, path: Path, clock: Clock = now) -> None:
        """Open or create the file. Raises InventoryError where a newer version wrote it, or it cannot be read."""
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            with self.transaction():
                prepare(self._connection, str(path))
        except sqlite3.Error as error:
            problem = f"is not an inventory that can be used ({error}); restore it, or name another --state folder"
            raise InventoryError(path=str(path), problem=problem) from error
        self.fault_counts = FaultCounts(self._connection, self._lock)
        self.soft_deleted = SoftDeletedNames(self._connection, self._lock, clock)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Hold the only write access to the file, for checks and the change that depends on them."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def find(self, resource_id: str, token: str | None = None) -> Record | None:
        """Return the live resource with that id (case does not matter) and type, or None. Without a type: of any."""
        query = "SELECT * FROM resources WHERE id = ? AND token = coalesce(?, token) ORDER BY serial"
        with self._lock:
            row = self._connection.execute(query, (resource_id, token)).fetchone()
        return _record(row) if row else None

    def of_type(self, token: str) -> list[Record]:
        """Return the live resources of one type, oldest first."""
        query = "SELECT * FROM resources WHERE token = ? ORDER BY serial"
        with self._lock:
            return [_record(row) for row in self._connection.execute(query, (token,)).fetchall()]

    def all(self) -> list[Record]:
        """Return every live resource, oldest first."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM resources ORDER BY serial").fetchall()
        return [_record(row) for row in rows]

    def next_serial(self, operation: str, token: str, resource_id: str) -> int:
        """Log an operation and return its number."""
        statement = "INSERT INTO operations (operation, token, id) VALUES (?, ?, ?)"
        with self._lock:
            serial = self._connection.execute(statement, (operation, token, resource_id)).lastrowid
        if serial is None:
            raise CloudError("InternalServerError", f"the operation on {resource_id} was not logged")
        return serial

    def name_operation(self, serial: int, resource_id: str) -> None:
        """Complete the log of a creation: its id is known only after its number."""
        with self._lock:
            self._connection.execute("UPDATE operations SET id = ? WHERE serial = ?", (resource_id, serial))

    def put(self, record: Record) -> None:
        """Store a resource, in place of one with the same id and type."""
        values = (record.id, record.token, record.serial, record.unique_name)
        statement = """
            INSERT INTO resources (id, token, serial, unique_name, inputs, outputs) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id, token) DO UPDATE SET
                unique_name = excluded.unique_name, inputs = excluded.inputs, outputs = excluded.outputs
        """
        with self._lock:
            self._connection.execute(statement, (*values, json.dumps(record.inputs), json.dumps(record.outputs)))

    def holder_of(self, unique_name: str) -> Record | None:
        """Return the live resource that holds a unique name, or None."""
        query = "SELECT * FROM resources WHERE unique_name = ?"
        with self._lock:
            row = self._connection.execute(query, (unique_name,)).fetchone()
        return _record(row) if row else None

    def remove(self, resource_id: str, token: str) -> None:
        """Remove one resource."""
        with self._lock:
            self._connection.execute("DELETE FROM resources WHERE id = ? AND token = ?", (resource_id, token))

    def below(self, resource_id: str) -> list[Record]:
        """Return everything below a resource, in a cloud where ids of children begin with the id of their parent."""
        start = f"{resource_id.lower()}/"
        query = "SELECT * FROM resources WHERE substr(lower(id), 1, ?) = ? ORDER BY serial"
        with self._lock:
            rows = self._connection.execute(query, (len(start), start)).fetchall()
        return [_record(row) for row in rows]

    def operations(self) -> list[tuple[str, str, str]]:
        """Return every operation ever made, in order: operation, type token, resource id."""
        query = "SELECT operation, token, id FROM operations ORDER BY serial"
        with self._lock:
            return list(self._connection.execute(query).fetchall())

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _record(row: tuple[str, str, int, str | None, str, str]) -> Record:
    resource_id, token, serial, unique_name, inputs, outputs = row
    return Record(
        id=resource_id,
        token=token,
        serial=serial,
        unique_name=unique_name,
        inputs=json.loads(inputs),
        outputs=json.loads(outputs),
    )
