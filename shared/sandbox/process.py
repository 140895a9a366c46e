"""Start and stop the sandbox's process."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shared.environment import Environment
from shared.sandbox.errors import SandboxStartError

_FAREWELL_SECONDS = 10


@contextmanager
def running_sandbox(inventory: Path, environment: Environment) -> Generator[dict[str, str]]:
    """Run the simulated clouds of `environment` over the inventory file.

    Yields the environment variables that make the engine attach to them. Raises SandboxStartError.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "shared.sandbox.server", str(inventory), *_ids(environment)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the orchestrator: the clouds stay up until the engines have stopped
    ) as process:
        try:
            yield _attachment(process)
        finally:
            _stop(process)


def _ids(environment: Environment) -> list[str]:
    azure, aws = environment.azure, environment.aws
    return [str(azure.subscription_id), str(azure.tenant_id), str(aws.account_id), aws.region]


def _attachment(process: subprocess.Popen[str]) -> dict[str, str]:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line:
        problem = (process.stderr.read() if process.stderr else "").strip()
        raise SandboxStartError(problem=problem.splitlines()[-1] if problem else "it ended without a word")
    return {
        "PULUMI_DEBUG_PROVIDERS": line,
        # Without this every operation first tries to download the plugins that the state names, about 2.5 s.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def _stop(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
