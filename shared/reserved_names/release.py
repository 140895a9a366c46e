"""After a destruction: which names stay reserved, and which of them can be had back at once."""

import dataclasses
from collections.abc import Callable, Sequence

from shared.environment import Environment
from shared.reserved_names.errors import PurgeError, RegisterError
from shared.reserved_names.names import kept_names
from shared.reserved_names.register import Register
from shared.reserved_names.reservation import Reservation, can_purge, sentence

Question = Callable[[Reservation], bool]
"""Asks a person whether what a name holds may be lost for ever."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Released:
    """What became of the names of what was destroyed.

    purged: names that are free again. reserved: the others, with a sentence for each. failures: purges that failed, and
    names that nobody could say anything about.
    """

    purged: tuple[Reservation, ...]
    reserved: tuple[Reservation, ...]
    sentences: tuple[str, ...]
    failures: tuple[PurgeError | RegisterError, ...]


def release_names(
    environment: Environment,
    register: Register,
    *,
    destroyed: Sequence[str],
    alone: bool,
    may_purge: Question,
) -> Released:
    """Purge what may be purged of the stacks that were destroyed, and say what of it stays reserved.

    alone: whether nothing of the environment is deployed any more. may_purge: is asked for each name that can be
    purged; nobody can undo that, so outside the simulated clouds it has to ask a person.
    """
    names = [one for one in kept_names(environment) if one.stack in destroyed]
    found = register.find(names, just_deleted=True)
    purged: list[Reservation] = []
    reserved: list[Reservation] = []
    failures: list[PurgeError | RegisterError] = list(found.unanswered)
    for one in found.reservations:
        wanted = can_purge(environment, one) and may_purge(one)
        failure = _purged(register, one) if wanted else None
        if failure:
            failures.append(failure)
        (purged if wanted and not failure else reserved).append(one)
    return Released(
        purged=tuple(purged),
        reserved=tuple(reserved),
        sentences=tuple(sentence(environment, one, alone=alone) for one in reserved),
        failures=tuple(failures),
    )


def _purged(register: Register, reservation: Reservation) -> PurgeError | None:
    try:
        register.purge(reservation)
    except PurgeError as error:
        return error
    return None
