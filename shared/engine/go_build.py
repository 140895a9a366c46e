"""The third way: built with Go from the pinned modules, for machines that reach package registries only."""

import shutil
from pathlib import Path

from semver import Version

from shared.engine.go_toolchain import Go, find_go
from shared.engine.machine import Command, Machine
from shared.engine.progress import Heartbeat, Report
from shared.engine.releases import MODULE

_LIMIT_SECONDS = 3600
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def build_engine(machine: Machine, report: Report, version: Version, folder: Path, rest: Path) -> None:
    """Build the engine into `folder`/bin, with `rest` for other files.

    Raises CommandError, UnusableError, OSError.
    """
    go = find_go(machine, report, rest)
    # A copy: the folder of a build must be writable to some versions of Go, and the repository's stays as it is.
    module = rest / "module"
    module.mkdir()
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(MODULE / name, module / name)
    report(f"building the Pulumi engine {version} from Go modules (about 5 minutes, once) ...")
    heartbeat = Heartbeat(report, f"building the Pulumi engine {version}")
    machine.run(_build(go, version, folder / "bin" / "pulumi", module), heartbeat)


def _build(go: Go, version: Version, engine: Path, module: Path) -> Command:
    # Without its version the Automation API refuses the engine; released ones have it set in the same way.
    link = f"-s -w -X {_VERSION_VARIABLE}=v{version}"
    flags = ("-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", link)
    return Command(
        arguments=(str(go.program), "build", *flags, "-o", str(engine), _PACKAGE),
        limit=_LIMIT_SECONDS,
        folder=module,
        # No workspace of a folder above, no other toolchain than the one that was chosen, no need of a C compiler.
        variables={**go.variables, "GOWORK": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"},
    )
