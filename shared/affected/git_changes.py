"""What differs between a commit and the work tree, as git says it."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from shared.affected.errors import ComparisonError
from shared.affected.tree import Entry

_NOTHING = "000000"
_LINK = "120000"
_PROGRAM = "100755"
_SUBMODULE = "160000"


def changed_since(root: Path, ref: str) -> dict[str, Entry | None]:
    """Return what lay at each path in the commit `ref` that is something else now; None where nothing lay.

    Changes that are not committed count, and files that git does not know yet, but for those that it ignores. Paths are
    relative to `root`. Raises ComparisonError: there is no git, no repository, or no such commit.
    """
    commit = _commit(root, ref)
    flags = ("--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--relative", "--ignore-submodules=none")
    old = dict(_old_entries(_git(root, ref, "diff", *flags, commit, "--")))
    blobs = _blobs(root, ref, (blob for mode, blob in old.values() if mode not in {_NOTHING, _SUBMODULE}))
    changed = {path: _entry(mode, blob, blobs) for path, (mode, blob) in old.items()}
    untracked = _git(root, ref, "ls-files", "-z", "--others", "--exclude-standard")
    return {os.fsdecode(name): None for name in untracked.split(b"\0") if name} | changed


def files_at(root: Path, ref: str, folder: str) -> tuple[str, ...]:
    """Return the names of what lay in `folder` in the commit `ref`. Raises ComparisonError like `changed_since`."""
    listed = _git(root, ref, "ls-tree", "-z", "--name-only", _commit(root, ref), f"{folder}/")
    return tuple(os.fsdecode(name).removeprefix(f"{folder}/") for name in listed.split(b"\0") if name)


def _commit(root: Path, ref: str) -> str:
    try:
        inside = _run(root, "rev-parse", "--is-shallow-repository")
    except OSError:
        raise ComparisonError(ref=ref, problem="git is not installed", fix="install it") from None
    if inside.returncode and b"not a git repository" not in inside.stderr:
        raise ComparisonError(ref=ref, problem=f"git refuses ({_words(inside)})", fix="do as git says")
    if inside.returncode:
        problem = f"{root} is not in a git repository, so nothing says what changed"
        raise ComparisonError(ref=ref, problem=problem, fix="use a clone of the repository")
    # --end-of-options: a name that begins with a dash is a name.
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if inside.stdout.strip() == b"true":
        problem = "there is no such commit, branch or tag in this shallow clone"
        raise ComparisonError(ref=ref, problem=problem, fix=f"fetch it: git fetch --depth=1 origin {ref}")
    problem = "there is no such commit, branch or tag"
    raise ComparisonError(ref=ref, problem=problem, fix="name one that git log shows, or fetch it")


def _old_entries(raw: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the path, and the mode and blob that lay there, of every line of `git diff --raw -z`."""
    parts = raw.split(b"\0")
    for header, path in zip(parts[0::2], parts[1::2], strict=False):
        mode, _, blob, _, status = header.decode().removeprefix(":").split(" ")
        # A path with a conflict comes twice: once as unmerged, without what the commit has, and once as it is.
        if not status.startswith("U"):
            yield os.fsdecode(path), (mode, blob)


def _blobs(root: Path, ref: str, names: Iterable[str]) -> Mapping[str, bytes]:
    wanted = sorted(set(names))
    if not wanted:
        return {}
    answer = _git(root, ref, "cat-file", "--batch", text="".join(f"{name}\n" for name in wanted).encode())
    found: dict[str, bytes] = {}
    start = 0
    for name in wanted:
        end = answer.index(b"\n", start)
        _, kind, size = answer[start:end].decode().split(" ", 2) if b" missing" not in answer[start:end] else ("",) * 3
        if kind != "blob":
            problem = f"its file {name} is not in this clone"
            raise ComparisonError(ref=ref, problem=problem, fix="fetch the whole commit: git fetch --refetch")
        found[name] = answer[end + 1 : end + 1 + int(size)]
        start = end + 1 + int(size) + 1
    return found


def _entry(mode: str, blob: str, blobs: Mapping[str, bytes]) -> Entry | None:
    if mode == _NOTHING:
        return None
    if mode == _SUBMODULE:
        return Entry(content=blob.encode())
    return Entry(content=blobs[blob], link=mode == _LINK, executable=mode == _PROGRAM)


def _git(root: Path, ref: str, *arguments: str, text: bytes = b"") -> bytes:
    done = _run(root, *arguments, text=text)
    if done.returncode:
        problem = f"git {arguments[0]} failed ({_words(done)})"
        raise ComparisonError(ref=ref, problem=problem, fix="repair the repository: git fsck")
    return done.stdout


def _words(done: "subprocess.CompletedProcess[bytes]") -> str:
    return " ".join(done.stderr.decode(errors="replace").split())


def _run(root: Path, *arguments: str, text: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    # Reading must not wait for, or hold, the lock of the index.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return subprocess.run(["git", *arguments], cwd=root, input=text, capture_output=True, check=False, env=environment)
