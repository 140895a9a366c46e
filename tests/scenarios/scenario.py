"""One pull request: what it changes, and what should come of it."""

import dataclasses
import shutil
from collections.abc import Mapping, Sequence

from tests.sandbox.platform_copy import PlatformCopy


@dataclasses.dataclass(frozen=True)
class Replace:
    """In `file`, `old`, which is there once, becomes `new`."""

    file: str
    old: str
    new: str

    def apply(self, platform: PlatformCopy) -> None:
        """Do it."""
        platform.change(self.file, self.old, self.new)


@dataclasses.dataclass(frozen=True)
class Write:
    """`file` is new."""

    file: str
    text: str

    def apply(self, platform: PlatformCopy) -> None:
        """Do it."""
        path = platform.root / self.file
        assert not path.exists(), f"{self.file} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class RemoveFolder:
    """`folder` is gone."""

    folder: str

    def apply(self, platform: PlatformCopy) -> None:
        """Do it."""
        shutil.rmtree(platform.root / self.folder)


Edit = Replace | Write | RemoveFolder
Effects = Mapping[str, Mapping[str, int] | frozenset[str] | set[str]]
"""By stack: how many resources, by what happens to them; or only what, where numbers would tie a scenario to the size
of a program. A stack that is not named stays as it is."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """One pull request.

    story: a sentence for the reader. happens: what deploying it does, so that no scenario is empty by mistake.
    confirm: names of what is lost on purpose. planted: secrets that no command may show. says: words that the preview
    must have in its reason, by stack.
    """

    name: str
    story: str
    edits: Sequence[Edit]
    happens: Effects
    confirm: Sequence[str] = ()
    planted: Sequence[str] = ()
    says: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])

    def apply(self, platform: PlatformCopy) -> None:
        """Make the change in a copy of the repository."""
        for edit in self.edits:
            edit.apply(platform)
