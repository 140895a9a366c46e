"""Every stack has owners, and every line of CODEOWNERS names something: a typo there takes a protection away silently.

The syntax is a file pattern and then owners (GitHub Docs, "About code owners"). This repository uses plain paths from
the root, and `*` for the rest.
"""

from pathlib import Path

from shared.checks.result import CheckResult, failed, passed

CODEOWNERS = ".github/CODEOWNERS"


def find_owner_problems(root: Path, text: str) -> list[str]:
    """Return what is wrong with the text of CODEOWNERS, given the folders and files under `root`."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    patterns = {words[0] for words in lines}
    unowned = [f"{CODEOWNERS}: {words[0]} has no owner" for words in lines if len(words) == 1]
    dead = [
        f"{CODEOWNERS}: {pattern} is no path from the repository's root"
        for pattern in sorted(patterns - {"*"})
        if not pattern.startswith("/") or not (root / pattern.lstrip("/")).exists()
    ]
    stacks = sorted(path.parent.name for path in (root / "stacks").glob("*/Pulumi.yaml"))
    forgotten = [s for s in stacks if f"/stacks/{s}/" not in patterns]
    return [*unowned, *dead, *(f"{CODEOWNERS}: no line for /stacks/{stack}/" for stack in forgotten)]


def check_owners(root: Path) -> CheckResult:
    """Check the CODEOWNERS file of the repository."""
    file = root / CODEOWNERS
    problems = find_owner_problems(root, file.read_text(encoding="utf-8")) if file.is_file() else [f"no {CODEOWNERS}"]
    return failed(problems, fix=f"add, repair or remove the line in {CODEOWNERS}") if problems else passed()
