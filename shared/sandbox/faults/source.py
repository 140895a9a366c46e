"""The faults that hold now: the file is read again whenever it has changed."""

import threading
from pathlib import Path

from shared.sandbox.faults.counts import FaultCounts
from shared.sandbox.faults.model import Faults, Rule, Stage
from shared.sandbox.faults.reading import read_faults
from shared.sandbox.faults.rules import Call, acts, keys, meets

_Version = tuple[int, int, int] | None


class FaultSource:
    """The faults that the file at `path` says, with their counts. Safe for many threads."""

    def __init__(self, path: Path, counts: FaultCounts) -> None:
        self._path = path
        self._counts = counts
        self._lock = threading.Lock()
        self._read: tuple[_Version, Faults] | None = None

    def now(self) -> Faults:
        """Return what the file says. Raises FaultsFileError."""
        with self._lock:
            version = _version(self._path)
            if self._read is None or self._read[0] != version:
                found = read_faults(self._path)
                self._counts.forget_others(keys(found.rules))
                self._read = (version, found)
            return self._read[1]

    def rule_for(self, faults: Faults, call: Call, stage: Stage) -> Rule | None:
        """Return the rule that acts on an operation, or None, and count for those that were asked.

        They are asked in the order of the file, until one acts.
        """
        for rule, key in zip(faults.rules, keys(faults.rules), strict=True):
            if meets(rule, call, stage) and acts(rule, self._counts.met(key)):
                return rule
        return None


def _version(path: Path) -> _Version:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
