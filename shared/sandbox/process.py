"""Start the sandbox's process, and let it go."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.environment import Environment
from shared.sandbox.errors import SandboxStartError
from shared.sandbox.faults.calls import FILE
from shared.sandbox.faults.reading import read_faults

_FAREWELL_SECONDS = 5
_LOG = "sandbox.log"


@contextmanager
def running_sandbox(inventory: Path, environment: Environment) -> Generator[dict[str, str]]:
    """Run the simulated clouds of `environment` over the inventory file, with the faults of the file beside it.

    Yields the environment variables that make the engine attach to them. Raises SandboxStartError, FaultsFileError.
    """
    read_faults(inventory.with_name(FILE))  # a wrong one is said before anything is started
    log = inventory.with_name(_LOG)
    process = _started(inventory, environment, log)
    try:
        yield _attachment(process, log)
    finally:
        _let_go(process)


def _started(inventory: Path, environment: Environment, log: Path) -> subprocess.Popen[str]:
    log.write_bytes(b"")
    with log.open("ab") as errors:  # a pipe that nobody reads would block the clouds one day
        return subprocess.Popen(
            [sys.executable, "-m", "shared.sandbox.server", str(inventory), *_ids(environment)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C is for the orchestrator: the clouds stay up until the engines have stopped
        )


def _ids(environment: Environment) -> list[str]:
    azure, aws = environment.azure, environment.aws
    return [str(azure.subscription_id), str(azure.tenant_id), str(aws.account_id), aws.region]


def _attachment(process: subprocess.Popen[str], log: Path) -> dict[str, str]:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line:
        problem = log.read_text(encoding="utf-8", errors="replace").strip()
        raise SandboxStartError(problem=problem.splitlines()[-1] if problem else "it ended without a word")
    return {
        "PULUMI_DEBUG_PROVIDERS": line,
        # Without this every operation first tries to download the plugins that the state names, about 2.5 s.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def _let_go(process: subprocess.Popen[str]) -> None:
    """Say that nobody needs the clouds any more. They end at once, or when they have done what engines asked for."""
    if process.stdin:
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_FAREWELL_SECONDS)
    if process.stdout:
        process.stdout.close()
