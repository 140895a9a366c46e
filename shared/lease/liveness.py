"""Whether the owner of a lease lives, as far as that can be told without waiting. Pure."""

from collections.abc import Callable
from typing import Literal

from shared.lease.record import Owner

Liveness = Literal["alive", "dead", "unknown"]


def liveness(owner: Owner, here: Owner, started: Callable[[int], int | None]) -> Liveness:
    """Return whether a process lives that is of this machine; of one of another machine nothing is known.

    here: the process that asks. started: when the process with an id began, None where there is none.
    """
    if not same_machine(owner, here) or owner.started is None:
        return "unknown"
    return "alive" if started(owner.pid) == owner.started else "dead"


def same_machine(one: Owner, other: Owner) -> bool:
    """Return whether both see the same processes. Containers and copies of machines share some of these ids."""
    places = [(owner.host, owner.machine, owner.boot, owner.processes) for owner in (one, other)]
    return places[0] == places[1] and bool(one.boot) and bool(one.processes)
