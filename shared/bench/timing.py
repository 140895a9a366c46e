"""Run a command and time it, as a user's terminal would: from its start until it has ended."""

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from shared.bench.errors import CommandFailedError, UnexpectedResultError

# Whoever starts a bench may be in a git hook, in ./inv, or logged in to a backend: GIT_DIR would lead git to their
# repository, and PULUMI_* the engine to their state.
_NOT_PASSED_ON = ("GIT_", "PULUMI_", "INVOKE_", "INV_")
_TIMED_OUT = 124  # as the command `timeout` has it


@dataclasses.dataclass(frozen=True, kw_only=True)
class Command:
    """What is run. words: the command line; folder: where; variables: of its environment, besides what is inherited."""

    words: Sequence[str]
    folder: Path
    variables: Mapping[str, str]
    most_seconds: float = 3600.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended that went well. seconds: of the clock."""

    seconds: float
    stdout: str

    def document(self, what: str) -> Any:
        """Return standard output as JSON. what: is measured. Raises UnexpectedResultError."""
        try:
            return json.loads(self.stdout)
        except json.JSONDecodeError:
            raise UnexpectedResultError(what=what, found="its output is not JSON") from None


class Watch(Protocol):
    """Something that looks at a running process."""

    def of(self, pid: int) -> AbstractContextManager[object]:
        """Return what is entered while the process runs."""
        ...


def inherited(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what of a process's environment a measured command gets too."""
    return {name: value for name, value in variables.items() if not name.startswith(_NOT_PASSED_ON)}


def python(*words: str) -> tuple[str, ...]:
    """Return the command line that runs this Python."""
    return (sys.executable, *words)


def timed(command: Command, watch: Watch | None = None) -> Ended:
    """Run a command until it ends. watch: is entered with its process id while it runs. Raises CommandFailedError."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**inherited(os.environ), **command.variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError:
        raise CommandFailedError(command=command.words, exit_code=127, detail="there is no such program") from None
    with process, watch.of(process.pid) if watch else nullcontext():
        stdout, stderr = _ended(process, command)
    seconds = time.monotonic() - started
    if process.returncode:
        lines = stderr.strip().splitlines()
        detail = lines[-1] if lines else ""
        raise CommandFailedError(command=command.words, exit_code=process.returncode, detail=detail)
    return Ended(seconds=seconds, stdout=stdout)


def _ended(process: "subprocess.Popen[str]", command: Command) -> tuple[str, str]:
    try:
        return process.communicate(timeout=command.most_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        detail = f"it ran longer than {command.most_seconds:g} s"
        raise CommandFailedError(command=command.words, exit_code=_TIMED_OUT, detail=detail) from None
    except BaseException:
        process.kill()
        raise
