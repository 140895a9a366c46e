"""The locks in requirements/: made from pyproject.toml, and checked to be what pyproject.toml asks for.

A lock holds every version with its hashes, for all platforms and all Python versions from 3.11, and names no package
index: a fork behind its own mirror uses it unchanged. `python -m shared.checks.write_locks` writes them again.
"""

import dataclasses
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from shared.checks.result import CheckResult, failed, passed

MAKE_LOCKS = ".venv/bin/python -m shared.checks.write_locks"
# What uv says, in lower case, when it is the index that fails and not the versions (uv 0.13).
UNREACHABLE = ("failed to fetch", "error sending request", "network was disabled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lock:
    """One lock. path: relative to the repository's root; sources: what uv compiles it from."""

    path: str
    sources: tuple[str, ...]


LOCKS = (
    Lock(path="requirements/project.txt", sources=("pyproject.toml", "--group", "dev")),
    Lock(path="requirements/checkov.txt", sources=("--group", "policy")),
)


class LockError(Exception):
    """A lock cannot be compiled. path: the lock; unreachable: whether the package index is the reason; output: uv's."""

    def __init__(self, *, path: str, unreachable: bool, output: str) -> None:
        self.path = path
        self.unreachable = unreachable
        self.output = output
        reason = "the package index cannot be reached" if unreachable else "uv finds no versions that fit"
        super().__init__(f"{path} cannot be compiled from pyproject.toml: {reason}")


def compile_lock(root: Path, lock: Lock, target: Path, *, upgrade: bool = False) -> None:
    """Write the lock that pyproject.toml asks for to `target`, keeping the versions that `target` has where they fit.

    Raises LockError.
    """
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet", "--color", "never"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", MAKE_LOCKS]
    options += ["--upgrade"] if upgrade else []
    command = [sys.executable, "-m", "uv", "pip", "compile", *lock.sources, *options, "--output-file", str(target)]
    result = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if result.returncode != 0:
        unreachable = any(sign in result.stderr.lower() for sign in UNREACHABLE)
        raise LockError(path=lock.path, unreachable=unreachable, output=result.stderr.strip())


def is_fresh(root: Path, lock: Lock) -> bool:
    """Tell whether compiling would leave the lock as it is. Raises LockError, and OSError where there is no lock."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "lock.txt")
        shutil.copyfile(root / lock.path, target)
        compile_lock(root, lock, target)
        return target.read_bytes() == (root / lock.path).read_bytes()


def check_locks(root: Path, locks: tuple[Lock, ...] = LOCKS) -> CheckResult:
    """Check that every lock is what pyproject.toml asks for. Without the package index nobody can tell: a failure."""
    findings: list[str] = []
    fix = f"run `{MAKE_LOCKS}` and commit the result"
    for lock in locks:
        if not (root / lock.path).is_file():
            findings.append(f"{lock.path}: is missing")
            continue
        try:
            if not is_fresh(root, lock):
                findings.append(f"{lock.path}: is not what pyproject.toml asks for")
        except LockError as error:
            findings += [f"{lock.path}: {error}", error.output]
            fix = fix_of(error)
    return failed(findings, fix=fix) if findings else passed()


def fix_of(error: LockError) -> str:
    """Return what to do about a lock that cannot be compiled."""
    if error.unreachable:
        return "run the check where the package index can be reached (uv reads UV_DEFAULT_INDEX and uv.toml)"
    return "change the ranges in pyproject.toml so that one set of versions fits all"
