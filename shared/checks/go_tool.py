"""Tools that come as Go modules only: built once from a pinned module file, and kept outside the work tree.

The Go toolchain is the one that the engine's build uses. What has its final name in the cache is whole: a build goes
to a folder beside it and is renamed into place.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from shared.engine.go_toolchain import find_go
from shared.engine.machine import Command, Machine
from shared.engine.progress import Heartbeat, Report

_LIMIT_SECONDS = 1800


@dataclass(frozen=True, kw_only=True)
class GoTool:
    """A program to build. name: its file's; package: its Go package; module: folder of go.mod and go.sum."""

    name: str
    package: str
    module: Path

    def place(self, cache: Path) -> Path:
        """Return where in the cache its file is or will be: another module file is another place."""
        digest = hashlib.sha256()
        for name in ("go.mod", "go.sum"):
            digest.update((self.module / name).read_bytes())
        return cache / "tools" / f"{self.name}-{digest.hexdigest()[:16]}"


def built(machine: Machine, report: Report, tool: GoTool) -> Path:
    """Return the tool's file, built now where the cache has none.

    report receives lines of progress. Raises CommandError, UnusableError, OSError.
    """
    from filelock import FileLock

    place = tool.place(machine.cache)
    if place.is_file():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.parent / "build.lock"):
        if not place.is_file():
            _build(machine, report, tool, place)
    return place


def _build(machine: Machine, report: Report, tool: GoTool, place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unfinished-") as folder:
        work = Path(folder)
        go = find_go(machine, report, work)
        module = work / "module"
        module.mkdir()
        for name in ("go.mod", "go.sum"):
            (module / name).write_bytes((tool.module / name).read_bytes())
        report(f"building {tool.name} from Go modules (once) ...")
        flags = ("-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w")
        command = Command(
            arguments=(str(go.program), "build", *flags, "-o", str(work / tool.name), tool.package),
            limit=_LIMIT_SECONDS,
            folder=module,
            variables={**go.variables, "GOWORK": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"},
        )
        machine.run(command, Heartbeat(report, f"building {tool.name}"))
        (work / tool.name).replace(place)
