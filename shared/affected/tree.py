"""The files of a repository, as they lie in the work tree or as they were in a commit."""

import dataclasses
import os
import posixpath
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

from shared.affected.errors import ProgramError

MADE_BY_TOOLS = frozenset({"__pycache__", ".git", ".venv", ".sandbox", ".hypothesis"})
_MOST_LINKS = 40  # as many as Linux follows


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """A file or a symbolic link. content: the file's bytes, or where the link points; executable: a file's mode."""

    content: bytes
    link: bool = False
    executable: bool = False


class Tree(Protocol):
    """Files by their paths: relative to the repository, with slashes. ref: the commit, empty for the work tree."""

    @property
    def ref(self) -> str:
        """Return the name of the commit, empty for the work tree."""
        ...

    def entry(self, path: str) -> Entry | None:
        """Return what lies at `path`, None for a folder or nothing."""
        ...

    def paths(self) -> frozenset[str]:
        """Return the paths of all files and links that a commit holds, or would hold."""
        ...


class WorkTree:
    """The files that lie in the folder `root` now."""

    ref = ""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths: frozenset[str] | None = None
        self._entries: dict[str, Entry | None] = {}

    def entry(self, path: str) -> Entry | None:
        """Return what lies at `path`. It is read once: one answer is about one state."""
        if path not in self._entries:
            self._entries[path] = _entry(self._root / path, path)
        return self._entries[path]

    def paths(self) -> frozenset[str]:
        """Return the paths of all files that git knows or would add; without git, of all outside the tools' folders."""
        if self._paths is None:
            self._paths = _listed(self._root) or _walked(self._root)
        return self._paths


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overlay:
    """Another tree with some files changed: as a commit is the work tree with what changed since then turned back."""

    base: Tree
    changes: Mapping[str, Entry | None]
    ref: str

    def entry(self, path: str) -> Entry | None:
        """Return what lies at `path`."""
        return self.changes[path] if path in self.changes else self.base.entry(path)

    def paths(self) -> frozenset[str]:
        """Return the paths of all files."""
        there = {path for path, entry in self.changes.items() if entry is not None}
        return (self.base.paths() - self.changes.keys()) | there


class Traced:
    """Another tree that remembers what was looked for in it: nothing else can have mattered."""

    def __init__(self, base: Tree) -> None:
        self._base = base
        self.ref = base.ref
        self.looked_at: set[str] = set()
        self.listed = False

    def entry(self, path: str) -> Entry | None:
        """Return what lies at `path`."""
        self.looked_at.add(path)
        return self._base.entry(path)

    def paths(self) -> frozenset[str]:
        """Return the paths of all files."""
        self.listed = True
        return self._base.paths()


def file_at(tree: Tree, path: str) -> Entry | None:
    """Return the file at `path`, with links followed as far as they stay in the repository; None where none is."""
    for _ in range(_MOST_LINKS):
        found = tree.entry(path)
        if found is not None and not found.link:
            return found
        following = _through_links(tree, path)
        if following is None or following == path:
            return None
        path = following
    return None


def files_below(tree: Tree, folder: str) -> dict[str, Entry]:
    """Return the files in `folder` and below it, by path; a link to a folder is followed once.

    A link that leads out of the repository, or nowhere, is an entry of its own: where it points is what it says.
    """
    found: dict[str, Entry] = {}
    for path in sorted(tree.paths()):
        if not path.startswith(f"{folder}/") or MADE_BY_TOOLS.intersection(PurePosixPath(path).parts):
            continue
        entry = tree.entry(path)
        if entry is None:
            continue
        if not entry.link:
            found[path] = entry
            continue
        target = file_at(tree, path)
        found[path] = target or entry
        aim = _aim(path, entry)
        if target is None and aim is not None and not folder.startswith(f"{aim}/") and folder != aim:
            inside = {other: tree.entry(other) for other in tree.paths() if other.startswith(f"{aim}/")}
            found |= {path + other.removeprefix(aim): one for other, one in sorted(inside.items()) if one is not None}
    return found


def text_at(tree: Tree, path: str) -> str | None:
    """Return the text of the file at `path`, None where none is. Raises ProgramError where it is not UTF-8."""
    found = file_at(tree, path)
    if found is None:
        return None
    try:
        return found.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise ProgramError(path=path, line=0, problem=problem, ref=tree.ref) from None


def _through_links(tree: Tree, path: str) -> str | None:
    """Return `path` with its first link replaced by what that points to, None where it leads out."""
    parts = path.split("/")
    for length in range(1, len(parts) + 1):
        prefix = "/".join(parts[:length])
        entry = tree.entry(prefix)
        if entry is not None and entry.link:
            aim = _aim(prefix, entry)
            return None if aim is None else "/".join([aim, *parts[length:]])
    return None


def _aim(path: str, link: Entry) -> str | None:
    target = os.fsdecode(link.content)
    aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if target.startswith("/") or aim == ".." or aim.startswith("../") else aim


def _entry(file: Path, path: str) -> Entry | None:
    try:
        mode = file.lstat().st_mode
        if stat.S_ISLNK(mode):
            return Entry(content=os.fsencode(file.readlink()), link=True)
        if not stat.S_ISREG(mode):
            return None
        return Entry(content=file.read_bytes(), executable=bool(mode & stat.S_IXUSR))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ProgramError(path=path, line=0, problem=f"cannot be read ({error.strerror})") from None


def _listed(root: Path) -> frozenset[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        result = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError:
        return frozenset()
    return frozenset(os.fsdecode(name) for name in result.stdout.split(b"\0") if name and result.returncode == 0)


def _walked(root: Path) -> frozenset[str]:
    found: set[str] = set()
    for folder, subfolders, files in os.walk(root):
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        subfolders[:] = [name for name in subfolders if name not in MADE_BY_TOOLS and not name.endswith("_cache")]
        found |= {(Path(folder) / name).relative_to(root).as_posix() for name in (*files, *links)}
    return frozenset(found)
