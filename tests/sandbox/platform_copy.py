"""A copy of the repository's programs and environments, and its commands run as a user runs them."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.environment.loading import REPOSITORY

_COPIED = ("shared", "stacks", "environments", "tasks.py", ".gitignore")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command said."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """Return standard output as the one JSON document that it must be."""
        return json.loads(self.stdout)

    @property
    def results(self) -> dict[str, str]:
        """Return the result of each stack of a run."""
        return {stack["name"]: stack["result"] for stack in self.document["stacks"]}

    def changes(self, stack: str) -> dict[str, int]:
        """Return what a run did in one stack, without what stayed the same and what is zero."""
        found = next(one for one in self.document["stacks"] if one["name"] == stack)
        return {kind: count for kind, count in found["changes"].items() if count and kind != "same"}


@dataclasses.dataclass(frozen=True)
class PlatformCopy:
    """A copy of the repository in `root` whose sandbox keeps its things in `state`."""

    root: Path
    state: Path

    @staticmethod
    def make(folder: Path) -> "PlatformCopy":
        """Copy the repository into `folder`."""
        root = folder / "repository"
        root.mkdir()
        for name in _COPIED:
            source = REPOSITORY / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, root / name)
        return PlatformCopy(root, folder / "state")

    def run(self, command: str, *flags: str, text: str = "", before: Callable[[], None] | None = None) -> Answer:
        """Run one command on the sandbox of this copy, with `text` on its standard input.

        before: called in the new process before the command begins.
        """
        flags = (*flags, "--env", "sandbox", "--state", str(self.state))
        return self.invoke(*command.split(), *flags, text=text, before=before)

    def invoke(self, *arguments: str, text: str = "", before: Callable[[], None] | None = None) -> Answer:
        """Run `invoke` with these arguments, as `./inv` does."""
        done = subprocess.run(
            [sys.executable, "-m", "invoke", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            input=text,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=before,
        )
        return Answer(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def change(self, file: str, old: str, new: str) -> None:
        """Replace `old`, which must be there once, by `new` in a file of the copy."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is in {file} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
