"""A Go toolchain that is new enough for the engine: the machine's own, or the one that comes as a Python wheel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from semver import Version

from shared.engine.errors import CommandError, UnusableError
from shared.engine.machine import Command, Machine
from shared.engine.progress import Heartbeat, Report, silent
from shared.engine.releases import MODULE

_LIMIT_SECONDS = 60
_INSTALL_SECONDS = 900
_LOCKED = ("--require-hashes", "--only-binary", ":all:", "--no-deps", "--requirement", str(MODULE / "go-toolchain.txt"))
_LINE = re.compile(r"^go (\d+)\.(\d+)(?:\.(\d+))?$", re.MULTILINE)
_ANSWER = re.compile(r"^go(\d+)\.(\d+)(?:\.(\d+))?\b")


@dataclass(frozen=True, kw_only=True)
class Go:
    """A Go toolchain. program: its `go`; variables: what its environment needs."""

    program: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def find_go(machine: Machine, report: Report, folder: Path) -> Go:
    """Return the Go on PATH if it is new enough, else the pinned one, installed into `folder`.

    Raises CommandError, UnusableError, OSError.
    """
    program = machine.which("go")
    if program and _is_new_enough(machine, program, folder):
        return Go(program=program)
    return _install_go(machine, report, folder / "go-toolchain")


def needed_version() -> Version:
    """Return the Go version that the module file of the engine asks for. Raises UnusableError, OSError."""
    version = _version(_LINE.search((MODULE / "go.mod").read_text()))
    if version is None:
        raise UnusableError(what="module/go.mod", problem="has no line with a Go version")
    return version


def _is_new_enough(machine: Machine, program: Path, folder: Path) -> bool:
    # "local", or a Go that is too old quietly downloads another one and answers for that. The folder has no module.
    variables = {"GOTOOLCHAIN": "local"}
    arguments = (str(program), "env", "GOVERSION")
    try:
        answer = machine.run(
            Command(arguments=arguments, limit=_LIMIT_SECONDS, folder=folder, variables=variables), silent
        )
    except CommandError:
        return False
    version = _version(_ANSWER.match(answer.strip()))
    return version is not None and version >= needed_version()


def _install_go(machine: Machine, report: Report, folder: Path) -> Go:
    report("installing a Go toolchain for the build (about 70 MB) ...")
    heartbeat = Heartbeat(report, "installing a Go toolchain")
    uv = machine.which("uv") or machine.which("uv", folder=machine.python.parent)
    if uv is None:
        # An environment of its own, because ours may be without pip.
        machine.run(
            Command(arguments=(str(machine.python), "-m", "venv", str(folder / "pip")), limit=_INSTALL_SECONDS),
            heartbeat,
        )
        installer = (str(folder / "pip" / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check")
    else:
        installer = (str(uv), "pip", "install", "--python", str(machine.python))
    packages = folder / "packages"
    arguments = (*installer, *_LOCKED, "--target", str(packages))
    machine.run(Command(arguments=arguments, limit=_INSTALL_SECONDS), heartbeat)
    root = packages / "go"
    return Go(program=root / "bin" / "go", variables={"GOROOT": str(root)})


def _version(match: re.Match[str] | None) -> Version | None:
    return Version(*(int(part or 0) for part in match.groups())) if match else None
