"""Kill a run that goes on, as a machine, a kernel short of memory or an impatient person does."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final, Literal

from shared.sandbox.faults.processes import below
from tests.sandbox.killed_runs import engines, journals, until
from tests.sandbox.platform_copy import PlatformCopy

Victim = Literal["orchestrator", "everything", "engine"]
VICTIMS: Final[tuple[Victim, ...]] = ("orchestrator", "everything", "engine")

_LONGEST: Final = 300.0


class RunningCommand:
    """A command that runs, whose words go to files: who is killed leaves workers that would keep a pipe open."""

    def __init__(self, platform: PlatformCopy, words: Path, *arguments: str) -> None:
        self._platform = platform
        self._words = words
        self._runs = len(journals(platform))
        with words.open("w") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "invoke", *arguments, "--env", "sandbox", "--state", str(platform.state)],
                cwd=platform.root,
                env={**os.environ, "PYTHONPATH": str(platform.root)},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    @property
    def words(self) -> str:
        """Return what it has said so far."""
        return self._words.read_text(encoding="utf-8", errors="replace")

    def killed(self, victim: Victim, random: Random, *, after: float, from_work: bool) -> bool:
        """Kill `victim` after that many seconds. Returns whether it still ran then; ends when the command has ended.

        from_work: whether the seconds count from when the first stack is worked on.
        """
        if from_work:
            until(lambda: len(journals(self._platform)) > self._runs or self.process.poll() is not None, _LONGEST)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(after)
        hit = self.process.poll() is None and self._kill(victim, random)
        self.process.wait(_LONGEST)
        return hit

    def _kill(self, victim: Victim, random: Random) -> bool:
        if victim == "orchestrator":
            self.process.kill()
            return True
        if victim == "everything":
            self._kill_everything()
            return True
        until(lambda: bool(engines(self._platform)) or self.process.poll() is not None, _LONGEST)
        found = engines(self._platform)
        if not found or self.process.poll() is not None:
            return False
        return _ended(random.choice(sorted(found)))

    def _kill_everything(self) -> None:
        """Kill the command and all below it but the clouds: these are not on the machine that dies."""
        doomed = [pid for pid in below(self.process.pid) if not _is_cloud(pid)]
        self.process.kill()
        for pid in doomed:
            _ended(pid)
        for pid in engines(self._platform):  # one that was just being started
            _ended(pid)


def _ended(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _is_cloud(pid: int) -> bool:
    try:
        return b"shared.sandbox.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
