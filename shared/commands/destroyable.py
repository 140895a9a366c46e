"""Refuse to destroy what is needed or protected, before anything is touched."""

from collections.abc import Collection

from shared.commands.arguments import UsageError
from shared.commands.ready import Ready
from shared.orchestration.backend import states
from shared.orchestration.errors import ProtectedError
from shared.orchestration.holders import Checkpoints, protected_in_state, readers_in_state


def refuse_destruction(prepared: Ready, stacks: Collection[str]) -> None:
    """Refuse to destroy `stacks` while others read from them, or resources of theirs are protected.

    Raises UsageError, ProtectedError, BackendError.
    """
    checkpoints = states(prepared.session)
    _refuse_needed(prepared, stacks, checkpoints)
    chosen = {stack: checkpoint for stack, checkpoint in checkpoints.items() if stack in stacks}
    for stack, names in protected_in_state(chosen).items():
        raise ProtectedError(environment=prepared.environment.name, stack=stack, resources=names)


def _refuse_needed(prepared: Ready, stacks: Collection[str], checkpoints: Checkpoints) -> None:
    in_state = readers_in_state(checkpoints, prepared.environment.name)
    deployed = prepared.deployed | set(prepared.orphaned)
    for stack in prepared.selected:
        if stack not in stacks or stack not in prepared.deployed:
            continue
        for reader in dict.fromkeys([*prepared.graph.downstreams(stack), *in_state.get(stack, ())]):
            if reader in deployed and reader not in prepared.selected:
                problem = f"{stack} cannot be destroyed while {reader} is deployed and reads from it"
                raise UsageError(flag="--stacks", problem=problem, fix=_fix(prepared, reader))


def _fix(prepared: Ready, reader: str) -> str:
    if reader in prepared.orphaned:
        return f"put the folder stacks/{reader} back and destroy {reader} first"
    return f"destroy {reader} first, or name both"
