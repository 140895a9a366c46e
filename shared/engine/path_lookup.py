"""The first way: an engine that is installed on this machine."""

from shared.engine.errors import Attempt, CommandError, UnusableError
from shared.engine.found import Engine
from shared.engine.machine import Machine
from shared.engine.releases import SUPPORTED_RANGE, why_unsupported
from shared.engine.version_check import ask_version

_WAY = "pulumi on PATH"


def look_on_path(machine: Machine) -> Engine | Attempt:
    """Return the engine on PATH if its version is supported, else why it is not used.

    It is asked for its version every time: behind a version manager the same unchanged file is any version.
    """
    path = machine.which("pulumi")
    if path is None:
        return Attempt(way=_WAY, problem="it is not there")
    try:
        version = ask_version(machine, path)
    except (CommandError, UnusableError) as error:
        return Attempt(way=_WAY, problem=str(error))
    problem = why_unsupported(version)
    if problem is not None:
        return Attempt(way=_WAY, problem=f"{path} {problem}")
    reason = f"it is on PATH and its version is supported ({SUPPORTED_RANGE})"
    return Engine(path=path, version=str(version), origin="PATH", reason=reason)
