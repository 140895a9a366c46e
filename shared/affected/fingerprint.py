"""The fingerprint of a stack as its files lie now."""

from pathlib import Path

from shared.affected.fingerprint_model import Fingerprint
from shared.affected.snapshot import Snapshot
from shared.affected.tree import WorkTree


def fingerprint(root: Path, stack: str, environment: str) -> Fingerprint:
    """Return what `stack` is made of in `environment`, in the work tree at `root`.

    Raises ProgramError where a file that it is made of cannot be read. For many stacks, ask one `Snapshot`.
    """
    return Snapshot(WorkTree(root)).fingerprint(stack, environment)
