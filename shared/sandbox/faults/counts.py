"""How many operations each rule has met: kept in the inventory, so that a new server counts on."""

import sqlite3
import threading
from collections.abc import Iterable


class FaultCounts:
    """The table of these counts, by the key of the rule. Every method is one step, also for two servers at once."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.RLock) -> None:
        self._connection = connection
        self._lock = lock

    def met(self, rule: str) -> int:
        """Count one operation. Returns how many it were so far, this one included."""
        statement = """
            INSERT INTO fault_counts (rule, seen) VALUES (?, 1)
            ON CONFLICT (rule) DO UPDATE SET seen = seen + 1 RETURNING seen
        """
        with self._lock:
            return int(self._connection.execute(statement, (rule,)).fetchone()[0])

    def all(self) -> dict[str, int]:
        """Return how many operations each rule has met."""
        with self._lock:
            return dict(self._connection.execute("SELECT rule, seen FROM fault_counts").fetchall())

    def forget_others(self, rules: Iterable[str]) -> None:
        """Forget what is not among `rules`: a rule that comes back later begins anew."""
        kept = sorted(rules)
        marks = ", ".join("?" * len(kept))
        with self._lock:
            self._connection.execute(f"DELETE FROM fault_counts WHERE rule NOT IN ({marks})", kept)  # noqa: S608  only question marks
