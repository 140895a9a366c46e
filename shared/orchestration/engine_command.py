"""The engine as the Automation API calls it.

A subclass of the public `PulumiCommand`, because four things must differ: the engine runs in a session of its own, so
that Ctrl-C reaches it only through us; it does not outlive this process (engine_watch); its exit code is kept; and
calls are answered without the engine where it has nothing to say: those that `Stack.up` adds afterwards only to
describe what the events said already (`stack output --show-secrets` among them), and the selection of a stack, as
every call names its stack.
"""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from shared.orchestration.engine_watch import EngineWatch

OnOutput = Callable[[str], Any]

_CANCELLED = 8  # Pulumi's exit code of a cancelled operation
_HISTORY = [
    {
        "kind": "update",
        "startTime": "1970-01-01T00:00:00.000Z",
        "message": "",
        "environment": {},
        "config": {},
        "result": "succeeded",
    }
]
_ANSWERS = {"output": "{}", "history": json.dumps(_HISTORY), "select": ""}


class EngineCommand(PulumiCommand):
    """Runs the engine at `path`, whose version is known.

    exit_code: of the last call. previews_first: whether updates begin with the engine's own preview, in which it
    refuses what its plan does not allow before anything is touched; the Automation API leaves it out.
    """

    def __init__(self, path: Path, version: str) -> None:
        self.command = str(path)
        self.version = VersionInfo.parse(version)
        self.exit_code = 0
        self.previews_first = False
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._starting = threading.Lock()

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
        *,
        standard_input: str = "",
    ) -> CommandResult:
        """Run the engine. Raises CommandError where it fails."""
        answer = _ANSWERS.get(args[1]) if args[0] == "stack" else None
        if answer is not None:
            return CommandResult(stdout=answer, stderr="", code=0)
        if self.previews_first:
            args = [argument for argument in args if argument != "--skip-preview"]
        result = self._called(args, cwd, additional_env, (on_output, on_error), standard_input)
        self.exit_code = result.code
        if result.code:
            raise create_command_error(result)
        return result

    @property
    def stopped(self) -> bool:
        """Return whether it was asked to stop."""
        return self._stopped

    @property
    def running(self) -> bool:
        """Return whether the engine runs."""
        process = self._process
        return process is not None and process.poll() is None

    @property
    def process(self) -> int | None:
        """Return the process id of the engine that ran last."""
        return self._process.pid if self._process else None

    def kill(self) -> None:
        """End a running engine at once, and start none any more. Its lock and its pending operations stay."""
        with self._starting:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own

    def interrupt(self) -> None:
        """Ask a running engine to finish what it is doing and stop, and start none any more."""
        with self._starting:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)

    def _called(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        listeners: tuple[OnOutput | None, OnOutput | None],
        standard_input: str,
    ) -> CommandResult:
        variables = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        with self._starting:
            if self._stopped:
                return CommandResult(stdout="", stderr="the run was stopped", code=_CANCELLED)
            printed = (_Pipe(), _Pipe())
            watch = EngineWatch(printed[0].readable, printed[1].readable)
            self._process = self._begun(args, cwd, variables, printed, watch)
        with self._process as process:
            streams = [_Lines(pipe.begun(), listener) for pipe, listener in zip(printed, listeners, strict=True)]
            if process.stdin:
                process.stdin.write(standard_input)
                process.stdin.close()
            stdout, stderr = (stream.text() for stream in streams)
            code = process.wait()
        watch.ended()
        return CommandResult(stdout=stdout, stderr=stderr, code=code)

    def _begun(
        self,
        args: list[str],
        cwd: str,
        variables: Mapping[str, str],
        printed: "tuple[_Pipe, _Pipe]",
        watch: EngineWatch,
    ) -> "subprocess.Popen[str]":
        try:
            process = subprocess.Popen(
                [self.command, "--non-interactive", *args],
                stdin=subprocess.PIPE,
                stdout=printed[0].writable,
                stderr=printed[1].writable,
                cwd=cwd,
                env=variables,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError:
            for pipe in printed:
                pipe.begun().close()
            watch.ended()
            raise
        watch.over(process.pid)
        return process


class _Pipe:
    """A pipe that an engine prints into."""

    def __init__(self) -> None:
        self.readable, self.writable = os.pipe()

    def begun(self) -> IO[str]:
        """Return what is read from it, once the engine has its other end."""
        os.close(self.writable)
        return os.fdopen(self.readable, encoding="utf-8")


class _Lines:
    """Collects the lines of one stream in a thread of its own."""

    def __init__(self, stream: IO[str], listener: OnOutput | None) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream, listener), daemon=True)
        self._thread.start()

    def text(self) -> str:
        self._thread.join()
        return "\n".join(self._lines)

    def _read(self, stream: IO[str], listener: OnOutput | None) -> None:
        with stream:
            for line in stream:
                self._lines.append(line.rstrip())
                if listener:
                    listener(line.rstrip())
