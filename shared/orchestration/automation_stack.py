"""What every operation on a stack begins with and may end with, in terms of the Automation API."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pulumi.automation as auto

from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.job import StackJob
from shared.orchestration.new_stack import adopt_salt, lay_out, make, settings_of
from shared.orchestration.observation import Observation


def opened_stack(
    job: StackJob, command: EngineCommand, program: Callable[[], None], *, backend: Path | None = None
) -> auto.Stack:
    """Return the stack of a job, made if need be. backend: a folder in place of the environment's state backend."""
    if not job.made:
        adopt_salt(job)
    workspace = auto.LocalWorkspace(
        work_dir=str(job.work_dir),
        program=program,
        env_vars=_variables(job, backend),
        secrets_provider=job.secrets_provider,
        pulumi_command=command,
    )
    if job.made or (lay_out(job, backend) if backend else make(job)):
        return auto.Stack.select(job.environment, workspace)
    try:
        return auto.Stack.create(job.environment, workspace)
    except auto.StackAlreadyExistsError:  # by an earlier band, or by another run
        return auto.Stack.select(job.environment, workspace)


def invent_secrets(job: StackJob, command: EngineCommand, *, backend: Path | None = None) -> None:
    """Give the configuration secrets of a sandbox's stack values that nobody knows, where they have none."""
    for key in job.generated_secrets:
        if f"{job.stack}:{key}" not in settings_of(job).get("config", {}):
            arguments = ["config", "set", key, "--secret", "--stack", job.environment]
            value = secrets.token_urlsafe(24)
            command.run(arguments, str(job.work_dir), _variables(job, backend), standard_input=value)


def _variables(job: StackJob, backend: Path | None) -> dict[str, str]:
    return {**job.variables, **({"PULUMI_BACKEND_URL": backend.as_uri()} if backend else {})}


def failure_reason(error: Exception, *observations: Observation | None) -> str:
    """Return in one line why an operation failed: from what was observed, else from the engine's words."""
    if isinstance(error, auto.ConcurrentUpdateError):
        return "another run is working on this stack; wait until it has ended"
    for observation in observations:
        if observation and observation.reason:
            return observation.reason
    lines = [line.strip() for line in str(error).splitlines()]
    telling = [line.rpartition("error:")[2].strip() for line in lines if "error:" in line]
    return (telling or [line for line in lines if line] or [type(error).__name__])[0]
