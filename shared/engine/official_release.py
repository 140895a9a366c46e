"""The second way: the official release that belongs to the SDK. It carries the language hosts too."""

from pathlib import Path

from semver import Version

from shared.engine.machine import Command, Machine
from shared.engine.progress import Heartbeat, Report, silent

_PROBE_SECONDS = 15  # more than the probe's own time limit, which does not hold while a name is looked up
_INSTALL_SECONDS = 900


def install_release(machine: Machine, report: Report, version: Version, folder: Path) -> None:
    """Install the official release into `folder`/bin. Raises CommandError."""
    process = (str(machine.python), "-m", "shared.engine.release_process")
    machine.run(Command(arguments=(*process, "probe"), limit=_PROBE_SECONDS), silent)
    report(f"downloading the official Pulumi engine {version} ...")
    heartbeat = Heartbeat(report, f"downloading the official Pulumi engine {version}")
    machine.run(Command(arguments=(*process, "install", str(folder)), limit=_INSTALL_SECONDS), heartbeat)
