"""Which lines of a program the resources in a stack's state came from."""

from collections.abc import Mapping
from pathlib import Path

from shared.orchestration.engine_store import checkpoint_in, engine_store, state_name
from shared.orchestration.job import StackJob
from shared.orchestration.planned_outputs import resources_of
from shared.policy.source_line import place_of
from shared.state_store.errors import StateStoreError


def places_in_state(job: StackJob) -> Mapping[str, str]:
    """Return the lines, by URN; none where the state cannot be read: they only adorn what went wrong."""
    try:
        store, name = engine_store(job), state_name(job)
        checkpoint = checkpoint_in(store.get(name) or store.get(f"{name}.gz") or b"{}")
    except (StateStoreError, ValueError, OSError, EOFError):
        return {}
    return {one["urn"]: place_of(one, work=Path(job.work_dir), roots=(job.root,)) for one in resources_of(checkpoint)}
