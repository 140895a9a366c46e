"""Names that deleted resources hold: looked for before a deployment, freed or named after a destruction."""

from typing import Final

from shared.commands.confirmation import named
from shared.commands.ready import Ready, say
from shared.exit_codes import ExitCode
from shared.orchestration.backend import states
from shared.reporting.model import RunReport
from shared.reserved_names import (
    Question,
    Released,
    Reservation,
    check_names,
    check_secrets,
    register_of,
    release_names,
    secrets_of_state,
)
from shared.reserved_names.kept_secrets import STACK
from shared.reserved_names.reservation import Service

_LOST: Final[dict[Service, str]] = {
    "key vault": "its keys and secrets, and all that they encrypt",
    "App Configuration store": "its values",
    "ML workspace": "its experiments and models",
}
_GONE: Final = frozenset({"succeeded", "unchanged"})


def refuse_reserved(prepared: Ready, confirmed: frozenset[str]) -> None:
    """Refuse to deploy where a deleted resource, or a secret that stayed in its vault, holds a name that will be used.

    confirmed: names that a person says are free. Raises NamesReservedError, BackendError.
    """
    environment, inventory = prepared.environment, prepared.session.inventory
    check_names(
        environment,
        lambda: register_of(environment, inventory),
        selected=prepared.selected,
        deployed=prepared.deployed,
        confirmed=confirmed,
        say=say,
    )
    if environment.key_vault.secrets and STACK in prepared.deployed & frozenset(prepared.selected):
        check_secrets(environment, lambda: register_of(environment, inventory), managed=_managed(prepared), say=say)


def _managed(prepared: Ready) -> frozenset[str]:
    """Return the secrets that the state knows."""
    checkpoint = states(prepared.session)[STACK]["checkpoint"]
    return secrets_of_state((checkpoint["latest"] or {}).get("resources") or [])


def release(prepared: Ready, report: RunReport) -> ExitCode:
    """Free the names of what a run destroyed, as far as that can be done, and say of the others what to do.

    On real clouds a person types the name of each thing that is purged: nobody gets it back.
    Returns the exit code: ERROR where a purge failed, or nobody could say which names are reserved.
    """
    released = release_names(
        prepared.environment,
        register_of(prepared.environment, prepared.session.inventory),
        destroyed=tuple(stack.name for stack in report.stacks if stack.result in _GONE),
        alone=report.exit_code == 0 and prepared.deployed <= set(prepared.selected),
        may_purge=_question(prepared),
    )
    for line in _lines(released, simulated=prepared.session.inventory is not None):
        say(line)
    return ExitCode.ERROR if released.failures else ExitCode.SUCCESS


def _question(prepared: Ready) -> Question:
    if prepared.session.inventory is not None:
        return lambda _: True
    return _typed


def _typed(reservation: Reservation) -> bool:
    service, name = reservation.service, reservation.name
    what = f"Purging the {service} {name} frees its name and loses {_LOST[service]} for ever."
    return named(f"{what} Type {name} to purge it, or nothing to keep it: ", name)


def _lines(released: Released, *, simulated: bool) -> list[str]:
    # Azure/AppConfiguration issue 677: the name of a purged store is still refused for some minutes.
    free = "is free" if simulated else "is free within minutes"
    return [
        *(f"the {one.service} {one.name} is purged, and its name {free}" for one in released.purged),
        *(str(one) for one in released.failures),
        *released.sentences,
    ]
