"""The faults that hold now: the file is read again whenever it has changed."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from shared.sandbox.faults.calls import Call, Stage
from shared.sandbox.faults.counts import FaultCounts

if TYPE_CHECKING:
    from shared.sandbox.faults.model import Faults, Rule

_Version = tuple[int, int, int]


class FaultSource:
    """The faults that the file at `path` says, with their counts. Safe for many threads.

    What reads the file is loaded with the first one: most sandboxes have none, and start in half the time without it.
    """

    def __init__(self, path: Path, counts: FaultCounts) -> None:
        self._path = path
        self._counts = counts
        self._lock = threading.Lock()
        self._known: tuple[_Version | None, Faults | None] | None = None

    def now(self) -> "Faults | None":
        """Return what the file says, or None where there is none. Raises FaultsFileError."""
        with self._lock:
            version = _version(self._path)
            if self._known is None or self._known[0] != version:
                self._known = (version, self._read() if version else self._nothing())
            return self._known[1]

    def rule_for(self, faults: "Faults", call: Call, stage: Stage) -> "Rule | None":
        """Return the rule that acts on an operation, or None, and count for those that were asked.

        They are asked in the order of the file, until one acts.
        """
        from shared.sandbox.faults.rules import acts, keys, meets

        for rule, key in zip(faults.rules, keys(faults.rules), strict=True):
            if meets(rule, call, stage) and acts(rule, self._counts.met(key)):
                return rule
        return None

    def _read(self) -> "Faults":
        from shared.sandbox.faults.reading import read_faults
        from shared.sandbox.faults.rules import keys

        found = read_faults(self._path)
        self._counts.forget_others(keys(found.rules))
        return found

    def _nothing(self) -> None:
        self._counts.forget_others(())


def _version(path: Path) -> _Version | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
