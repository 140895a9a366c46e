"""What the simulated clouds were asked to change and have not changed yet, for every process of this machine to know.

A cloud goes on with what it was asked for when its client is gone, so a change can appear when its run is long dead.
While a server is at one it has a lock of the operating system, which no process can leave behind.
"""

import fcntl
import threading
from pathlib import Path
from typing import BinaryIO


class ChangesUnderWay:
    """The changes that are under way in one inventory. Thread-safe; each `with` is one change of this process."""

    def __init__(self, inventory: Path) -> None:
        """Make the file of the lock, beside that of the inventory. Raises OSError."""
        file = inventory.resolve()
        self._file = file.with_name(f"{file.name}-changes")
        self._file.touch(mode=0o600)
        self._guard = threading.Lock()
        self._count = 0
        self._held: BinaryIO | None = None

    def __enter__(self) -> None:
        """Begin one."""
        with self._guard:
            if self._held is None:
                self._held = self._file.open("rb")
                fcntl.flock(self._held, fcntl.LOCK_SH)
            self._count += 1

    def __exit__(self, *_: object) -> None:
        """End one."""
        with self._guard:
            self._count -= 1
            if self._held is not None and self._count == 0:
                self._held.close()
                self._held = None

    def any(self) -> bool:
        """Return whether any process is at one."""
        with self._file.open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False
