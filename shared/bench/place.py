"""Where a bench takes place: a copy of the repository in a temporary folder, with a sandbox of its own.

Nothing of the work tree is changed, and no sandbox of the user is touched.
"""

import compileall
import dataclasses
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from shared.bench.timing import Command, Ended, Watch, python, timed
from shared.checks.repository_files import repository_files
from shared.engine import Engine

ENVIRONMENT = "sandbox"
_COPIED = frozenset({"shared", "stacks", "environments", "requirements"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A repository whose commands are measured. root: its folder; folder: for everything that is made beside it."""

    folder: Path
    root: Path
    engine: Engine

    @property
    def variables(self) -> Mapping[str, str]:
        """Return what a process needs that runs the code of this place."""
        return {"PYTHONPATH": str(self.root)}

    def invoke(self, *words: str, watch: Watch | None = None) -> Ended:
        """Run `invoke` here, in a fresh process. Raises CommandFailedError."""
        return timed(self.command("invoke", *words), watch)

    def command(self, module: str, *words: str, variables: Mapping[str, str] | None = None) -> Command:
        """Return the command that runs a module of Python here, with the engine that everything here runs on."""
        path = os.pathsep.join([str(self.engine.path.parent), os.environ.get("PATH", os.defpath)])
        own = {**self.variables, "PATH": path, **(variables or {})}
        return Command(words=python("-m", module, *words), folder=self.root, variables=own)


def copied(repository: Path, folder: Path, engine: Engine) -> Place:
    """Copy the programs of `repository` into the new `folder`, as they are in the work tree, and return the place."""
    root = folder / "repository"
    for path in repository_files(repository):
        if len(path.parts) == 1 or path.parts[0] in _COPIED:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository / path, root / path)
    compile_all(root)
    return Place(folder=folder, root=root, engine=engine)


def compile_all(root: Path) -> None:
    """Compile the programs, so that no measured command does it."""
    for name in ("shared", "stacks"):
        compileall.compile_dir(root / name, quiet=1)
