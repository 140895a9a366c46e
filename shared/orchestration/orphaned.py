"""What is left behind where the folder of a deployed stack was deleted."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.orchestration.job import StackOutcome
from shared.orchestration.planned_outputs import ROOT_TYPE
from shared.orchestration.resource_changes import name_of

_ENGINE_ONLY = ("pulumi:providers:", "pulumi:pulumi:")
_NAMED = 5


def orphaned_outcome(stack: str, environment: str, resources: Iterable[Mapping[str, Any]]) -> StackOutcome:
    """Return what a run says of such a stack: it is left alone. resources: of its checkpoint."""
    left = [
        f"{name_of(one['urn'])} ({one['type']})"
        for one in resources
        if one.get("custom") and one["type"] != ROOT_TYPE and not one["type"].startswith(_ENGINE_ONLY)
    ]
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    what = f"{', '.join(left[:_NAMED])}{more} stay" if left else "its state stays"
    reason = (
        f"stacks/{stack} is gone and the stack is still deployed: {what} in {environment} and nothing manages them; "
        f"put the folder back, run invoke destroy --env {environment} --stacks {stack}, then delete it"
    )
    return StackOutcome(stack=stack, result="skipped", reason=reason)
