"""What the state backend of an environment holds."""

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from shared.absent import ABSENT
from shared.engine import Engine
from shared.orchestration.errors import BackendError
from shared.orchestration.session import Session


def deployed_stacks(session: Session, engine: Engine, stacks: Iterable[str]) -> frozenset[str]:
    """Return which of `stacks` have resources in the session's environment. Raises BackendError."""
    rows = json.loads(run_engine(session, engine, session.work, ["stack", "ls", "--all", "--json"]))
    present = {row["name"] for row in rows if row.get("resourceCount")}
    return frozenset(stack for stack in stacks if _full_name(session, stack) in present)


def stack_outputs(session: Session, engine: Engine, stack: str) -> dict[str, object]:
    """Return the outputs of one deployed stack: secrets as "[secret]", absent ones as None. Raises BackendError."""
    arguments = ["stack", "output", "--json", "--stack", _full_name(session, stack)]
    outputs: dict[str, object] = json.loads(run_engine(session, engine, session.work, arguments))
    return {name: None if value == ABSENT else value for name, value in outputs.items()}


def checkpoints(session: Session, engine: Engine, stacks: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the checkpoints of deployed stacks, in the form of the engine's files. Raises BackendError.

    Secrets in them are ciphertext.
    """
    with ThreadPoolExecutor() as threads:
        found = threads.map(lambda stack: (stack, _checkpoint(session, engine, stack)), sorted(stacks))
        return dict(found)


def _checkpoint(session: Session, engine: Engine, stack: str) -> dict[str, Any]:
    name = _full_name(session, stack)
    exported: dict[str, Any] = json.loads(
        run_engine(session, engine, session.work, ["stack", "export", "--stack", name])
    )
    return {"version": exported["version"], "checkpoint": {"stack": name, "latest": exported["deployment"]}}


def run_engine(
    session: Session, engine: Engine, folder: Path, arguments: Sequence[str], *, standard_input: str = ""
) -> str:
    """Run an engine command that is no operation on resources, and return what it prints. Raises BackendError."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(engine.path), "--non-interactive", *arguments],
        cwd=folder,
        env={**os.environ, **session.variables},
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackendError(backend=session.variables["PULUMI_BACKEND_URL"], problem=done.stderr.strip())
    return done.stdout


def _full_name(session: Session, stack: str) -> str:
    return f"organization/{stack}/{session.environment.name}"
