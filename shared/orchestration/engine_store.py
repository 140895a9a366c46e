"""The engine's own objects in the state backend of a stack that a worker has to do with."""

import gzip
import json
from typing import Any, Final

from shared.orchestration.job import StackJob
from shared.state_store.opening import open_store
from shared.state_store.places import ENGINE_FOLDER
from shared.state_store.store import StateStore

_GZIP: Final = b"\x1f\x8b"


def engine_store(job: StackJob) -> StateStore:
    """Return where the engine keeps the states and the locks of the environment of a job. Raises StateStoreError."""
    backend = job.variables.get("PULUMI_BACKEND_URL", "")
    return open_store(backend, subscription=job.subscription, folder=ENGINE_FOLDER)


def state_name(job: StackJob) -> str:
    """Return the name of the state of a job's stack; where states are compressed, ".gz" is added to it."""
    return f"stacks/{job.stack}/{job.environment}.json"


def is_compressed(content: bytes) -> bool:
    """Return whether the content of a state's object is compressed."""
    return content[:2] == _GZIP


def checkpoint_in(content: bytes) -> dict[str, Any]:
    """Return the checkpoint in the content of a state's object. Raises ValueError, OSError, EOFError for no such."""
    found: dict[str, Any] = json.loads(gzip.decompress(content) if is_compressed(content) else content)
    return found
