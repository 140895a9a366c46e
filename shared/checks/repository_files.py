"""Which files a commit would hold."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

# Without git nothing says what is ignored: these are what ./inv and the tools make.
MADE_BY_TOOLS = frozenset({"__pycache__", ".git", ".venv", ".sandbox", ".hypothesis"})
CACHE_ENDING = "_cache"


def repository_files(root: Path) -> tuple[Path, ...]:
    """Return the files that are in the repository or would be added to it, relative to `root`, sorted.

    git decides; where git or its data are absent (an unpacked archive), every file outside the tools' folders counts.
    Symlinks are left out: git holds where they point, not what is there.
    """
    names = _listed_by_git(root)
    found = _walked(root) if names is None else (Path(name) for name in names)
    return tuple(sorted({path for path in found if (root / path).is_file() and not (root / path).is_symlink()}))


def _listed_by_git(root: Path) -> list[str] | None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        result = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    if result.returncode != 0:
        return None
    return [os.fsdecode(name) for name in result.stdout.split(b"\0") if name]


def _walked(root: Path) -> Iterator[Path]:
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [name for name in subfolders if name not in MADE_BY_TOOLS and not name.endswith(CACHE_ENDING)]
        yield from (Path(folder, name).relative_to(root) for name in files)
