"""Where reserved names are found and freed: a simulated cloud or Azure."""

import dataclasses
from collections.abc import Sequence
from typing import Protocol

from shared.reserved_names.errors import RegisterError
from shared.reserved_names.names import KeptName
from shared.reserved_names.reservation import Reservation


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """What a register knows of some names. unanswered: for which of them it could not say, and why."""

    reservations: tuple[Reservation, ...]
    unanswered: tuple[RegisterError, ...] = ()


class Register(Protocol):
    """The names that deleted resources of one subscription hold."""

    def find(self, names: Sequence[KeptName], *, just_deleted: bool = False) -> Found:
        """Return which of `names` are reserved. just_deleted: their resources were deleted a moment ago."""
        ...

    def secrets(self, vault: str) -> frozenset[str]:
        """Return the names of the secrets in a vault; none where there is no such vault. Raises RegisterError."""
        ...

    def purge(self, reservation: Reservation) -> None:
        """Free a name; what it held is lost for ever. Raises PurgeError."""
        ...
