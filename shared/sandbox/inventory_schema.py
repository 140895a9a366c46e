"""The tables of the inventory, and how the file of an older version becomes one of this version."""

import sqlite3
from typing import Final

from shared.sandbox.errors import InventoryError

SCHEMA_VERSION: Final = 3

# By version: what has to be done to a file of the version before. Version 0 is an empty file.
_STEPS: Final = {
    1: (
        """
        CREATE TABLE resources (
            id TEXT COLLATE NOCASE,
            token TEXT,
            serial INTEGER NOT NULL,
            unique_name TEXT UNIQUE,
            inputs TEXT NOT NULL,
            outputs TEXT NOT NULL,
            PRIMARY KEY (id, token)
        )
        """,
        """
        CREATE TABLE operations (
            serial INTEGER PRIMARY KEY AUTOINCREMENT,
            operation TEXT NOT NULL,
            token TEXT NOT NULL,
            id TEXT NOT NULL
        )
        """,
    ),
    2: (
        """
        CREATE TABLE soft_deleted (
            name TEXT COLLATE NOCASE PRIMARY KEY,
            id TEXT NOT NULL COLLATE NOCASE,
            token TEXT NOT NULL,
            location TEXT NOT NULL,
            deleted TEXT NOT NULL,
            until TEXT NOT NULL,
            protected INTEGER NOT NULL
        )
        """,
    ),
    3: ("CREATE TABLE fault_counts (rule TEXT PRIMARY KEY, seen INTEGER NOT NULL)",),
}


def prepare(connection: sqlite3.Connection, path: str) -> None:
    """Bring the file at `path` to this version, in the transaction that is open.

    Raises InventoryError where a newer version wrote it.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        problem = f"has schema {version} and this version knows {SCHEMA_VERSION}; update the repository"
        raise InventoryError(path=path, problem=problem)
    for step in range(version + 1, SCHEMA_VERSION + 1):
        for statement in _STEPS[step]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={step}")
