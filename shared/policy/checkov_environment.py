"""Checkov's own Python environment: made once from its lock, outside the work tree.

It cannot share ours: Checkov needs `packaging<24`, Pulumi needs `packaging>=26`. What has its final name in the cache
is whole: it is made in a folder beside it and renamed into place. Nothing in it is run by a path written into a script,
so that the rename breaks nothing.
"""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from shared.engine.errors import CommandError
from shared.engine.machine import Command, Machine
from shared.engine.progress import Heartbeat, Report
from shared.policy.errors import CheckovMissingError

_LIMIT_SECONDS = 900
# Raise it when the way the environment is made changes.
_SETUP_VERSION = "1"
# Where these are set, pip or the interpreter looks at or writes to another place. Both take an empty one for none.
_MISLEADING = dict.fromkeys(("PIP_PREFIX", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH"), "")
_SETTINGS = {**_MISLEADING, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def checkov_python(machine: Machine, report: Report, lock: Path) -> Path:
    """Return the Python of an environment that has what `lock` says, made now where the cache has none.

    report receives lines of progress. Raises CheckovMissingError.
    """
    from filelock import FileLock

    place = place_of_environment(machine.cache, lock)
    if not place.is_dir():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(place.parent / "make.lock"):
                if not place.is_dir():
                    _make(machine, report, lock, place)
        except OSError as error:
            raise CheckovMissingError(problem=f"{place.parent}: {error.strerror or error}") from None
    return _python(place)


def place_of_environment(cache: Path, lock: Path) -> Path:
    """Return where in the cache the environment of a lock is or will be. Raises CheckovMissingError."""
    try:
        content = lock.read_bytes()
    except OSError as error:
        raise CheckovMissingError(problem=f"{lock} cannot be read ({error.strerror})") from None
    version = f"{_SETUP_VERSION} {sys.version_info.major}.{sys.version_info.minor} {sys.platform}"
    digest = hashlib.sha256(content + version.encode()).hexdigest()
    return cache / "checkov" / digest[:16]


def _make(machine: Machine, report: Report, lock: Path, place: Path) -> None:
    report("installing Checkov from requirements/checkov.txt (once) ...")
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unfinished-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "environment"
        _fill(machine, report, lock, made)
        made.replace(place)


def _fill(machine: Machine, report: Report, lock: Path, made: Path) -> None:
    """Fill the environment with uv, or with pip where uv is absent or fails: often only pip knows the mirror."""
    said: list[str] = []
    for installer in (_with_uv, _with_pip):
        try:
            if installer(machine, report, lock, made):
                return
        except CommandError as error:
            said.append(str(error))
            shutil.rmtree(made, ignore_errors=True)
    raise CheckovMissingError(problem=", then ".join(said))


def _with_uv(machine: Machine, report: Report, lock: Path, made: Path) -> bool:
    uv = machine.which("uv") or machine.which("uv", folder=machine.python.parent)
    if uv is None:
        return False
    _run(machine, report, str(uv), "venv", "--quiet", "--python", str(machine.python), str(made))
    options = ("--quiet", "--python", str(_python(made)), "--require-hashes", "--compile-bytecode")
    _run(machine, report, str(uv), "pip", "sync", *options, str(lock))
    return True


def _with_pip(machine: Machine, report: Report, lock: Path, made: Path) -> bool:
    _run(machine, report, str(machine.python), "-m", "venv", str(made))
    options = ("--quiet", "--require-hashes", "-r", str(lock))
    _run(machine, report, str(_python(made)), "-m", "pip", "install", *options)
    return True


def _run(machine: Machine, report: Report, *arguments: str) -> None:
    command = Command(arguments=arguments, limit=_LIMIT_SECONDS, variables=_SETTINGS)
    machine.run(command, Heartbeat(report, "installing Checkov"))


def _python(place: Path) -> Path:
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
