"""Engines that we installed or built, one folder for each version, outside the work tree.

An entry is made in a folder beside it, verified, and renamed into place, so that what has its final name is whole. A
stamp tells with which size and time of change the engine was verified; one that differs is verified again.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from semver import Version

from shared.engine.errors import CommandError, UnusableError
from shared.engine.machine import Machine
from shared.engine.version_check import ask_version

_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place in the cache. folder: in the layout of the SDK's own installation; version: that of its engine."""

    folder: Path
    version: Version

    @property
    def engine(self) -> Path:
        """The engine's file."""
        return self.folder / "bin" / "pulumi"


def entry_of(machine: Machine, version: Version) -> Entry:
    """Return the place of a version, which may be empty."""
    return Entry(folder=machine.cache / f"v{version}", version=version)


def is_usable(machine: Machine, entry: Entry) -> bool:
    """Tell whether the entry holds a working engine; run it only if its file changed since it was last verified."""
    try:
        if _has_stamp(entry):
            return True
        _verify(machine, entry)
    except (CommandError, UnusableError, OSError):
        return False
    return True


def fill(machine: Machine, entry: Entry, make: Callable[[Path, Path], None]) -> None:
    """Make the entry, whatever was in its place, by `make(entry folder, folder for other files)`.

    Only the holder of the cache's lock may call it. Raises CommandError, UnusableError, OSError; then the entry is
    what it was before.
    """
    with _unfinished(machine.cache) as work:
        made = Entry(folder=work / "entry", version=entry.version)
        rest = work / "rest"
        rest.mkdir()
        make(made.folder, rest)
        _verify(machine, made)
        if entry.folder.exists():
            entry.folder.rename(work / "broken")
        made.folder.rename(entry.folder)


def clear_unfinished(machine: Machine) -> None:
    """Remove what runs that were killed have left behind. Only the holder of the cache's lock may call it."""
    for folder in machine.cache.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _unfinished(cache: Path) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cache))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _verify(machine: Machine, entry: Entry) -> None:
    if not entry.engine.is_file():
        raise UnusableError(what=entry.engine.name, problem="was not made")
    version = ask_version(machine, entry.engine)
    if version != entry.version:
        raise UnusableError(what=entry.engine.name, problem=f"is {version} and should be {entry.version}")
    _write_stamp(entry)


def _has_stamp(entry: Entry) -> bool:
    try:
        return json.loads(_stamp(entry).read_text()) == _facts(entry)
    except (FileNotFoundError, ValueError):
        return False


def _write_stamp(entry: Entry) -> None:
    with suppress(OSError):  # a stamp only saves time: a cache that cannot be written to still holds a good engine
        # Renamed into place: another process may read it or write the same at the same time.
        with tempfile.NamedTemporaryFile("w", dir=entry.folder, prefix=_UNFINISHED, delete=False) as file:
            json.dump(_facts(entry), file)
        Path(file.name).replace(_stamp(entry))


def _stamp(entry: Entry) -> Path:
    return entry.folder / "verified.json"


def _facts(entry: Entry) -> dict[str, object]:
    status = entry.engine.stat()
    return {"version": str(entry.version), "size": status.st_size, "changed_ns": status.st_mtime_ns}
