"""Stacks that are deployed and whose folder is gone: nothing manages what they made any more."""

from shared.commands.ready import Ready
from shared.orchestration.backend import states
from shared.orchestration.job import StackOutcome
from shared.orchestration.orphaned import orphaned_outcome
from shared.orchestration.planned_outputs import resources_of


def orphans(prepared: Ready) -> tuple[StackOutcome, ...]:
    """Return one outcome per stack whose folder is gone, in alphabetical order."""
    if not prepared.orphaned:
        return ()
    known = states(prepared.session)
    return tuple(
        orphaned_outcome(stack, prepared.environment.name, resources_of(known.get(stack)))
        for stack in prepared.orphaned
    )
