"""What becomes of creations whose end nobody knows: noted in the state at once, and looked for before the next attempt.

Whoever goes on instead, on this machine or another one, finds them in the state as it finds those of a killed engine.
"""

import dataclasses
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.engine import Engine
from shared.environment import Environment, load
from shared.exit_codes import ExitCode
from shared.orchestration.errors import BackendError, RefusedError
from shared.orchestration.job import StackJob
from shared.orchestration.resource_changes import type_of
from shared.orchestration.session import Session
from shared.orchestration.transient_errors import is_transient
from shared.pending_operations.errors import PendingOperationError
from shared.pending_operations.model import ResolvedOperation
from shared.pending_operations.resolving import resolve
from shared.pending_operations.unanswered import UnansweredCreation, with_unanswered
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.places import ENGINE_FOLDER


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Here:
    """An environment as its worker sees it."""

    environment: Environment
    session: Session
    engine: Engine


def note(job: StackJob, creations: Sequence[UnansweredCreation], plan: Mapping[str, Any]) -> str:
    """Put creations among the pending operations of a stack that no engine works on. plan: that of the update.

    Returns why that could not be done, empty where it was.
    """
    name = f"stacks/{job.stack}/{job.environment}.json"
    try:
        store = open_store(job.variables["PULUMI_BACKEND_URL"], subscription=job.subscription, folder=ENGINE_FOLDER)
        for file, packed in ((name, False), (f"{name}.gz", True)):
            content = store.get(file)
            if content is not None:
                checkpoint = json.loads(gzip.decompress(content) if packed else content)
                now = json.dumps(with_unanswered(checkpoint, creations, plan)).encode()
                store.put(file, gzip.compress(now) if packed else now)
                return ""
    except (StateStoreError, ValueError, OSError, EOFError) as error:
        return str(error)
    return "the stack has no state"


def settle(job: StackJob) -> tuple[ResolvedOperation, ...]:
    """Resolve what is pending in a stack that no engine works on, and return how.

    Raises RefusedError; RuntimeError where the clouds do not answer for a reason that passes by itself.
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
    try:
        return resolve(_Here(environment=environment, session=session, engine=engine), [job.stack])
    except PendingOperationError as error:
        if is_transient(type_of(error.urn), error.problem):
            raise RuntimeError(str(error)) from None
        raise RefusedError(reason=str(error), exit_code=ExitCode.ERROR) from None
    except BackendError as error:
        raise RefusedError(reason=str(error), exit_code=ExitCode.ERROR) from None
