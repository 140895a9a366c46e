"""Which commit the work tree is at."""

import subprocess
from pathlib import Path


def commit_of(root: Path) -> str | None:
    """Return the commit that is checked out at `root`; None where that is no git repository, or has no commit."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--verify", "HEAD"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
