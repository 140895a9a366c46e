"""Runs that are killed at a chosen moment, as a machine that dies kills them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from tests.sandbox.platform_copy import PlatformCopy

_PATIENCE = 120.0

Whom = Literal["orchestrator", "group"]


def journals(platform: PlatformCopy) -> list[Path]:
    """Return the folders of the sandbox's runs, oldest first."""
    return sorted((platform.state / "state" / ".ml-platform" / "runs" / "sandbox").glob("*"))


def events(platform: PlatformCopy) -> list[str]:
    """Return the transitions of the last run as "stack state", in their order."""
    last = journals(platform)[-1:]
    names = sorted(file.stem for folder in last for file in (folder / "events").glob("*.json"))
    return [" ".join(name.split("-", 2)[1:]) for name in names]


def noted(platform: PlatformCopy, event: str) -> Callable[[], bool]:
    """Return whether the next run to begin has noted a transition, such as "lower succeeded"."""
    before = len(journals(platform))
    return lambda: len(journals(platform)) > before and event in events(platform)


def begun(platform: PlatformCopy, command: str, *flags: str) -> "subprocess.Popen[str]":
    """Begin a command in a process group of its own."""
    flags = (*flags, "--env", "sandbox", "--state", str(platform.state))
    return subprocess.Popen(
        [sys.executable, "-m", "invoke", command, *flags],
        cwd=platform.root,
        env={**os.environ, "PYTHONPATH": str(platform.root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def killed(
    platform: PlatformCopy, command: str, moment: Callable[[], bool], *, whom: Whom = "orchestrator"
) -> tuple[str, str]:
    """Begin a command with --yes --json, kill it once `moment` has come, and return what it had printed."""
    process = begun(platform, command, "--yes", "--json")
    until(lambda: process.poll() is not None or moment())
    assert process.poll() is None, f"it ended before it could be killed: {process.communicate()}"
    if whom == "group":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    return process.communicate()


def until(moment: Callable[[], bool], seconds: float = _PATIENCE) -> None:
    """Wait for a moment. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not moment():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def engines(platform: PlatformCopy) -> list[int]:
    """Return the ids of the engines that work on this copy: those whose environment names its state."""
    return [pid for pid in _processes() if _is_engine(pid, platform)]


def clouds(platform: PlatformCopy) -> list[int]:
    """Return the ids of the simulated clouds of this copy."""
    inventory = os.fsencode(str(platform.state / "inventory.sqlite"))
    return [pid for pid in _processes() if inventory in _command(pid)]


def _command(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def _processes() -> Iterable[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _is_engine(pid: int, platform: PlatformCopy) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        variables = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return Path(os.fsdecode(command[0])).name == "pulumi" and os.fsencode(str(platform.state / "state")) in variables
