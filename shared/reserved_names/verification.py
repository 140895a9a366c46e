"""Before a deployment: is every name free that it will use?"""

from collections.abc import Callable, Sequence

from shared.environment import Environment
from shared.reserved_names.errors import NamesReservedError
from shared.reserved_names.names import kept_names
from shared.reserved_names.register import Register
from shared.reserved_names.reservation import sentence


def check_names(
    environment: Environment,
    register: Callable[[], Register],
    *,
    selected: Sequence[str],
    deployed: frozenset[str],
    confirmed: frozenset[str] = frozenset(),
    say: Callable[[str], None],
) -> None:
    """Check that no deleted resource holds a name that this deployment gives to a new one.

    register: makes the register; it is not called where every selected stack is deployed already. selected: stacks that
    will be deployed. deployed: stacks that have resources. confirmed: names that a person says are free. say: hears
    which names nobody could say anything about; Azure itself would refuse those in the middle of a run.
    Raises NamesReservedError, and what `register` raises.
    """
    new = frozenset(selected) - deployed
    names = [one for one in kept_names(environment) if one.stack in new]
    if not names:
        return
    found = register().find(names)
    for error in found.unanswered:
        say(str(error))
    held = [one for one in found.reservations if one.certain or one.name not in confirmed]
    if held:
        alone = not deployed
        raise NamesReservedError(
            names=tuple(one.name for one in held),
            sentences=tuple(sentence(environment, one, alone=alone) for one in held),
        )
