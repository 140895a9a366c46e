"""Ask an engine for its version."""

from pathlib import Path

from semver import Version

from shared.engine.errors import UnusableError
from shared.engine.machine import Command, Machine
from shared.engine.progress import silent
from shared.engine.releases import parse_version

_LIMIT_SECONDS = 60  # it takes 0.2 s; a machine that builds something else with all its cores may take long
_VARIABLES = {"PULUMI_SKIP_UPDATE_CHECK": "true"}  # or it asks the network for news


def ask_version(machine: Machine, engine: Path) -> Version:
    """Return the version that the engine at this path answers. Raises CommandError, UnusableError."""
    command = Command(arguments=(str(engine), "version"), limit=_LIMIT_SECONDS, variables=_VARIABLES)
    printed = machine.run(command, silent)
    version = parse_version(printed)
    if version is None:
        raise UnusableError(what=str(engine), problem=f"answers {printed.strip()[:80]!r}, which is not a version")
    return version
