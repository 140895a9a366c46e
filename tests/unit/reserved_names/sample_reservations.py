"""Reservations for tests, and a register that holds them."""

import datetime
from collections.abc import Sequence

from shared.environment import Environment
from shared.reserved_names.errors import PurgeError, RegisterError
from shared.reserved_names.names import KeptName, kept_names
from shared.reserved_names.register import Found
from shared.reserved_names.reservation import Reservation, Service

UNTIL = datetime.datetime(2026, 12, 24, 18, 30, tzinfo=datetime.UTC)


def reservation(
    environment: Environment, service: Service, *, protected: bool = False, certain: bool = True
) -> Reservation:
    """Return one for the first name of a service in `environment`."""
    name = next(one.name for one in kept_names(environment) if one.service == service)
    return Reservation(
        service=service, name=name, location="westeurope", until=UNTIL, protected=protected, certain=certain
    )


class HeldNames:
    """A register with what a test puts in.

    stuck: names whose purge fails. secrets_held: what every vault holds. asked: the names of every question.
    """

    def __init__(
        self,
        *held: Reservation,
        stuck: Sequence[str] = (),
        unanswered: Sequence[RegisterError] = (),
        secrets_held: Sequence[str] = (),
    ) -> None:
        self.held = list(held)
        self.stuck = stuck
        self.unanswered = tuple(unanswered)
        self.secrets_held = frozenset(secrets_held)
        self.asked: list[tuple[str, ...]] = []

    def find(self, names: Sequence[KeptName], *, just_deleted: bool = False) -> Found:
        self.asked.append(tuple(one.name for one in names))
        wanted = {one.name for one in names}
        return Found(reservations=tuple(one for one in self.held if one.name in wanted), unanswered=self.unanswered)

    def secrets(self, vault: str) -> frozenset[str]:
        self.asked.append((vault,))
        if self.unanswered:
            raise self.unanswered[0]
        return self.secrets_held

    def purge(self, reservation: Reservation) -> None:
        if reservation.name in self.stuck:
            raise PurgeError(service=reservation.service, name=reservation.name, reason="it is stuck")
        self.held.remove(reservation)
