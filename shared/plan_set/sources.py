"""The files that decide what a plan says, and their hashes: a plan set is bound to them, not to a commit."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_FOLDERS: Final = ("shared", "stacks")
_LOCK: Final = "requirements/project.txt"
_SETTINGS: Final = re.compile(r"Pulumi\.(?P<environment>[^.]+)\.yaml")


def sources_of(root: Path, environment: str) -> dict[str, str]:
    """Return the SHA-256 of each source file of the repository at `root`, by its path there, sorted.

    Sources are all files of stacks/ and shared/, but Markdown, what Python compiled, and settings of stacks for other
    environments; and the lock of the dependencies. What git tracks does not matter: Python imports what is there.
    Raises OSError.
    """
    files = {path.relative_to(root).as_posix(): path for folder in _FOLDERS for path in _walk(root / folder)}
    if (root / _LOCK).exists():
        files[_LOCK] = root / _LOCK
    return {name: _hash(files[name]) for name in sorted(files) if _counts(files[name].name, environment)}


def source_differences(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return one clause for each source file that is another one, sorted by path."""
    clauses = dict.fromkeys(was.keys() - now.keys(), "is gone since")
    clauses |= dict.fromkeys(now.keys() - was.keys(), "is new since")
    clauses |= {path: "changed since" for path in was.keys() & now.keys() if was[path] != now[path]}
    return tuple(f"{path} {clauses[path]}" for path in sorted(clauses))


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        here = Path(place)
        yield from (here / name for name in names)
        # A link to a folder is not walked into, and Python would import through it.
        yield from (here / name for name in folders if (here / name).is_symlink())


def _counts(name: str, environment: str) -> bool:
    if name.endswith((".md", ".pyc")):
        return False
    settings = _SETTINGS.fullmatch(name)
    return settings is None or settings["environment"] == environment


def _hash(path: Path) -> str:
    if path.is_symlink() and not path.is_file():
        return hashlib.sha256(b"link to " + os.fsencode(path.readlink())).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
