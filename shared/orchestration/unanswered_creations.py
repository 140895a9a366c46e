"""What becomes of creations whose end nobody knows: noted in the state at once, and looked for before the next attempt.

Whoever goes on instead, on this machine or another one, finds them in the state as it finds those of a killed engine.
"""

import dataclasses
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.engine import Engine
from shared.environment import Environment, load
from shared.orchestration.engine_command import EngineCommand
from shared.orchestration.engine_store import checkpoint_in, engine_store, is_compressed, state_name
from shared.orchestration.job import StackJob
from shared.orchestration.session import Session
from shared.pending_operations.model import ResolvedOperation
from shared.pending_operations.resolving import resolve
from shared.pending_operations.unanswered import UnansweredCreation, with_unanswered
from shared.state_store.errors import StateStoreError

_TRIES: Final = 5


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Here:
    """An environment as its worker sees it."""

    environment: Environment
    session: Session
    engine: Engine


def note(job: StackJob, creations: Sequence[UnansweredCreation], plan: Mapping[str, Any]) -> str:
    """Put creations among the pending operations of a stack that no engine works on. plan: that of the update.

    Returns why that could not be done, empty where it was. What somebody else writes meanwhile is never overwritten.
    """
    name = state_name(job)
    try:
        store = engine_store(job)
        for _ in range(_TRIES):
            file = name if store.get(name) is not None else f"{name}.gz"
            found = store.get_versioned(file)
            if found is None:
                return "the stack has no state"
            now = json.dumps(with_unanswered(checkpoint_in(found.content), creations, plan)).encode()
            content = gzip.compress(now) if is_compressed(found.content) else now
            if store.replace(file, content, found.version):
                return ""
    except (StateStoreError, ValueError, OSError, EOFError) as error:
        return str(error)
    return "somebody else writes the state of the stack"


def settle(job: StackJob, command: EngineCommand) -> tuple[ResolvedOperation, ...]:
    """Resolve what is pending in a stack that no engine works on, and return how. command: how the engine is called.

    Raises PendingOperationError, BackendError.
    """
    environment = load(job.environment, job.root)
    session = Session(
        environment=environment,
        root=job.root,
        variables=job.variables,
        work=job.work_dir.parent,
        secrets_provider=job.secrets_provider,
        inventory=job.inventory,
    )
    engine = Engine(path=job.engine, version=job.engine_version, origin="PATH", reason="")
    here = _Here(environment=environment, session=session, engine=engine)
    return resolve(here, [job.stack], command=command)
