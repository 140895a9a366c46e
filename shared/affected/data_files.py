"""Which files that are no modules a program could read: those of its stack, and those beside modules that do."""

import posixpath
import re
from collections.abc import Iterable, Mapping

from shared.affected.modules import Module
from shared.affected.reachable import reads_files
from shared.affected.tree import Entry, Tree, files_below

_SETTINGS = re.compile(r"Pulumi\.(?P<environment>[^/]+)\.yaml")
_NEVER_READ = (".md", ".pyi", ".pyc", "/py.typed")


def data_files(tree: Tree, stack: str, modules: Mapping[str, Module]) -> dict[str, Entry]:
    """Return the files that the program of `stack` could read, by path, settings of all environments among them.

    modules: those that it is made of, by path. A Python file outside of every package is one of them too, where a
    module reads files: code that is uploaded and runs elsewhere.
    """
    home = f"stacks/{stack}"
    readers = {posixpath.dirname(path) for path, module in modules.items() if reads_files(module)}
    found = _wanted(tree, home, modules, python=any(_inside(reader, home) for reader in readers))
    for folder in sorted(reader for reader in readers if not _inside(reader, home)):
        found |= _wanted(tree, folder, modules, python=True)
    return found


def of_environment(paths: Iterable[str], stack: str, environment: str) -> list[str]:
    """Return the paths without the settings that `stack` has for other environments."""
    return [path for path in paths if settings_of(path, stack) in {None, environment}]


def settings_of(path: str, stack: str) -> str | None:
    """Return the environment whose settings of `stack` a file holds, None where it is something else."""
    folder, _, name = path.rpartition("/")
    found = _SETTINGS.fullmatch(name)
    return found["environment"] if found and folder == f"stacks/{stack}" else None


def _wanted(tree: Tree, folder: str, modules: Mapping[str, Module], *, python: bool) -> dict[str, Entry]:
    files = files_below(tree, folder) if folder else _beside_the_root(tree)
    packages = {posixpath.dirname(path) for path in files if path.endswith("/__init__.py")} | {folder}
    return {
        path: entry
        for path, entry in files.items()
        if path not in modules
        and not f"/{path}".endswith(_NEVER_READ)
        and (not path.endswith(".py") or (python and posixpath.dirname(path) not in packages))
    }


def _beside_the_root(tree: Tree) -> dict[str, Entry]:
    """Return the files of the repository's own folder: below it lies everything."""
    entries = {path: tree.entry(path) for path in tree.paths() if "/" not in path}
    return {path: entry for path, entry in entries.items() if entry is not None}


def _inside(folder: str, home: str) -> bool:
    return folder == home or folder.startswith(f"{home}/")
