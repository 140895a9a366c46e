"""The lock that an engine of ours leaves beside the state when it is killed.

Pulumi's DIY backends keep locks as .pulumi/locks/organization/PROJECT/STACK/ID.json, with the process id and host of
the engine that holds it (Pulumi, pkg/backend/diy/lock.go).
"""

import json
import socket
from contextlib import suppress

from shared.orchestration.engine_store import engine_store
from shared.orchestration.job import StackJob
from shared.state_store.errors import StateStoreError


def release_lock(job: StackJob, process: int) -> None:
    """Delete the lock of the stack of `job` that an engine held which is known to be dead. process: its id.

    A lock of anybody else stays. Where the backend does not answer the lock stays too, and a later run clears it.
    """
    with suppress(StateStoreError):
        store = engine_store(job)
        for name in store.list(f"locks/organization/{job.stack}/{job.environment}"):
            if _is_of(store.get(name), process):
                store.delete(name)


def _is_of(content: bytes | None, process: int) -> bool:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return False
    return isinstance(found, dict) and (found.get("pid"), found.get("hostname")) == (process, socket.gethostname())
