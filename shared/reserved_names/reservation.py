"""A name that a deleted resource holds, and what can be done about it: decisions without effects."""

import dataclasses
import datetime
from typing import Final, Literal

from shared.environment import Environment

Service = Literal["key vault", "App Configuration store", "ML workspace"]
"""The services of the platform that keep what was deleted, in the words of messages."""

STACKS: Final[dict[Service, str]] = {
    "key vault": "key_vault",
    "App Configuration store": "ml_workspace",
    "ML workspace": "ml_workspace",
}
"""Which stack has the resources of a service."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reservation:
    """A name that is not free. location: where the resource was; protected: whether it has purge protection.

    certain: False where a log says that the resource was deleted, and nobody can say whether it was purged since.
    """

    service: Service
    name: str
    location: str
    until: datetime.datetime
    protected: bool
    certain: bool = True


_PURGED: Final = frozenset[Service]({"key vault", "App Configuration store"})
"""What Azure's API can purge once its resource group is gone (docs/adr/0012)."""

_COMMANDS: Final[dict[Service, str]] = {
    "key vault": "az keyvault purge",
    "App Configuration store": "az appconfig purge",
}


def can_purge(environment: Environment, reservation: Reservation) -> bool:
    """Return whether the name can be had back before its time: purge it, or raise the generation.

    The simulated clouds of a simulated environment purge workspaces too: it is made to be thrown away, and its file is
    not edited for that.
    """
    return not reservation.protected and (environment.simulated or reservation.service in _PURGED)


def sentence(environment: Environment, reservation: Reservation, *, alone: bool) -> str:
    """Return what holds a name, until when, and what to do.

    alone: whether nothing else of the environment is deployed. Otherwise a new generation would make everything anew.
    """
    until = f"{reservation.until:%Y-%m-%d %H:%M} UTC"
    what = f"the {reservation.service} {reservation.name} is deleted, and its name is reserved until {until}"
    return f"{what}: {'; or '.join(_ways(environment, reservation, alone=alone))}"


def _ways(environment: Environment, reservation: Reservation, *, alone: bool) -> list[str]:
    if environment.simulated and can_purge(environment, reservation):
        return [f"run invoke destroy --env {environment.name} --stacks {STACKS[reservation.service]}, which purges it"]
    ways: list[str] = []
    if alone:
        raised = environment.generation + 1
        ways.append(f"set generation: {raised} in environments/{environment.name}.yaml before the next deploy")
    else:
        ways.append("deploy it after that, as a new generation would replace what is still deployed")
    command = _COMMANDS.get(reservation.service)
    if command and can_purge(environment, reservation):
        ways.append(f"lose what it held and run {command} --name {reservation.name} --location {reservation.location}")
    if not reservation.certain:
        ways.append(f"where it was deleted permanently in the portal, deploy with --confirm {reservation.name}")
    return ways
