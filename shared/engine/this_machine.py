"""The real machine."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import platformdirs

from shared.engine.errors import CommandError, last_words
from shared.engine.machine import Beat, Command

_POLL_SECONDS = 0.5
_FAREWELL_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class ThisMachine:
    """The machine that we run on. cache: the user's cache folder of this platform."""

    cache: Path = field(default_factory=lambda: platformdirs.user_cache_path("ml-platform-infra") / "engine")
    python: Path = field(default_factory=lambda: Path(sys.executable))

    def now(self) -> float:
        """Return the seconds of a clock that never goes backwards."""
        return time.monotonic()

    def run(self, command: Command, beat: Beat) -> str:
        """Run a command to its end and return its standard output. Raises CommandError.

        The command ends with this call, whatever ends it: none is left running after Ctrl-C.
        """
        program = Path(command.arguments[0]).name
        # Files and not pipes: a build prints more than a pipe holds, and nobody reads while we wait.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            try:
                process = _start(command, output, errors)
            except OSError as error:
                raise CommandError(program=program, problem=f"cannot be run: {error.strerror}") from error
            try:
                code = self._wait(process, command.limit, beat)
            finally:
                _end(process)
            if code is None:
                raise CommandError(program=program, problem=f"did not end within {command.limit:.0f} s")
            if code:
                said = last_words(_text(errors)) or last_words(_text(output)) or "it said nothing"
                raise CommandError(program=program, problem=f"{_ending(code)}: {said}")
            return _text(output)

    def which(self, name: str, *, folder: Path | None = None) -> Path | None:
        """Return the absolute path of a program on PATH, or in `folder` only; None where it is not there."""
        found = shutil.which(name, path=None if folder is None else str(folder))
        # Not resolved: version managers put a link named pulumi to a program that looks at its own name.
        return Path(found).absolute() if found else None

    def _wait(self, process: subprocess.Popen[bytes], limit: float, beat: Beat) -> int | None:
        started = self.now()
        while (elapsed := self.now() - started) < limit:
            beat(elapsed)
            try:
                return process.wait(min(_POLL_SECONDS, limit - elapsed))
            except subprocess.TimeoutExpired:
                continue
        return None


def _start(command: Command, output: IO[bytes], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.arguments,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        cwd=command.folder,
        env={**os.environ, **command.variables},
        start_new_session=True,  # so that its children can be ended with it
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):  # it may end by itself meanwhile
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ending(code: int) -> str:
    return f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode(errors="replace")
