"""The repository with some files changed, without touching any of them; and small repositories made of texts."""

from collections.abc import Mapping
from pathlib import Path

from shared.affected.snapshot import Snapshot
from shared.affected.tree import Entry, Overlay, Tree, WorkTree
from shared.environment.loading import REPOSITORY

STACKS = ("identity", "key_vault", "sagemaker", "network_storage", "ml_workspace")


def with_files(changes: Mapping[str, str | None], base: Tree | None = None, ref: str = "") -> Overlay:
    """Return this repository, or `base`, with other texts in some files; None for a file that is gone."""
    entries = {path: None if text is None else Entry(content=text.encode()) for path, text in changes.items()}
    return Overlay(base=base or WorkTree(REPOSITORY), changes=entries, ref=ref)


def text_of(path: str) -> str:
    """Return the text of a file of this repository."""
    return (REPOSITORY / path).read_text(encoding="utf-8")


def touched(changes: Mapping[str, str | None], environment: str = "prod") -> dict[str, tuple[str, ...]]:
    """Return how the fingerprints of this repository's stacks differ after a change, by stack, touched ones only."""
    from shared.affected.fingerprint_model import differences

    before, after = Snapshot(WorkTree(REPOSITORY)), Snapshot(with_files(changes))
    found = {
        stack: differences(before.fingerprint(stack, environment), after.fingerprint(stack, environment))
        for stack in STACKS
    }
    return {stack: changed for stack, changed in found.items() if changed}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below `root`, and return it."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root
