"""What the state backend of an environment holds."""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from shared.absent import ABSENT
from shared.engine import Engine
from shared.orchestration.engine_store import checkpoint_in
from shared.orchestration.errors import BackendError
from shared.orchestration.planned_outputs import resources_of
from shared.orchestration.resource_changes import is_default_provider
from shared.orchestration.session import Session
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.places import ENGINE_FOLDER

# As Pulumi's DIY backends have it: .pulumi/stacks/PROJECT/STACK.json, with .gz where it is compressed.
_STATE = re.compile(r"stacks/([^/]+)/[^/]+\.json(?:\.gz)?")
_REFERENCE = "pulumi:pulumi:StackReference"


def states(session: Session) -> dict[str, dict[str, Any]]:
    """Return the checkpoints of every stack of the session's environment, by name, in the form of the engine's files.

    Secrets in them are ciphertext. A stack that was made and holds nothing is there too. Raises BackendError.
    """
    backend = session.variables["PULUMI_BACKEND_URL"]
    try:
        store = open_store(
            backend, subscription=str(session.environment.azure.subscription_id or ""), folder=ENGINE_FOLDER
        )
        names = {name: found[1] for name in store.list("stacks") if (found := _STATE.fullmatch(name))}
        mine = {name: stack for name, stack in names.items() if _environment(name) == session.environment.name}
        with ThreadPoolExecutor() as threads:
            contents = threads.map(store.get, mine)
        return {
            stack: _checkpoint(backend, stack, content)
            for stack, content in zip(mine.values(), contents, strict=True)
            if content is not None
        }
    except StateStoreError as error:
        raise BackendError(backend=backend, problem=error.problem) from None


def with_resources(states: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Return the stacks that have resources."""
    return frozenset(stack for stack, checkpoint in states.items() if resources_of(checkpoint))


def resource_counts(states: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Return how many resources each stack has, as an operation on it counts them."""
    return {
        stack: sum(
            one.get("type") != _REFERENCE and not is_default_provider(one.get("urn", ""))
            for one in resources_of(checkpoint)
        )
        for stack, checkpoint in states.items()
    }


def stack_outputs(session: Session, engine: Engine, stack: str) -> dict[str, object]:
    """Return the outputs of one deployed stack: secrets as "[secret]", absent ones as None. Raises BackendError."""
    arguments = ["stack", "output", "--json", "--stack", _full_name(session, stack)]
    outputs: dict[str, object] = json.loads(run_engine(session, engine, session.work, arguments))
    return {name: None if value == ABSENT else value for name, value in outputs.items()}


def _environment(name: str) -> str:
    return name.rpartition("/")[2].partition(".json")[0]


def _checkpoint(backend: str, stack: str, content: bytes) -> dict[str, Any]:
    try:
        return checkpoint_in(content)
    except (ValueError, OSError, EOFError):
        problem = f"the state of {stack} is damaged; bring back its last version"
        raise BackendError(backend=backend, problem=problem) from None


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
