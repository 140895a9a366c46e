"""Which lines of a program the resources in a stack's state came from."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from shared.orchestration.job import StackJob
from shared.orchestration.planned_outputs import resources_of
from shared.policy.source_line import place_of
from shared.state_store.errors import StateStoreError
from shared.state_store.opening import open_store
from shared.state_store.places import ENGINE_FOLDER


def places_in_state(job: StackJob) -> Mapping[str, str]:
    """Return the lines, by URN; none where the state cannot be read: they only adorn what went wrong."""
    name = f"stacks/{job.stack}/{job.environment}.json"
    try:
        store = open_store(
            job.variables.get("PULUMI_BACKEND_URL", ""), subscription=job.subscription, folder=ENGINE_FOLDER
        )
        plain, packed = store.get(name), store.get(f"{name}.gz")
        checkpoint = json.loads(plain or gzip.decompress(packed or b"") or b"{}")
    except (StateStoreError, ValueError, OSError, EOFError):
        return {}
    return {one["urn"]: place_of(one, work=Path(job.work_dir), roots=(job.root,)) for one in resources_of(checkpoint)}
