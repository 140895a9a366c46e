"""The names that deleted resources hold in the sandbox's inventory."""

import datetime
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shared.reserved_names.errors import PurgeError
from shared.reserved_names.kept_secrets import KEPT_TYPE
from shared.reserved_names.names import KeptName
from shared.reserved_names.register import Found
from shared.reserved_names.reservation import Reservation, Service
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Inventory
from shared.sandbox.purge import purge
from shared.sandbox.soft_deleted import SoftDeleted, now

_TOKENS: Final[dict[str, Service]] = {
    "azure-native:keyvault:Vault": "key vault",
    "azure-native:appconfiguration:ConfigurationStore": "App Configuration store",
    "azure-native:machinelearningservices:Workspace": "ML workspace",
}


class SimulatedRegister:
    """A Register over the inventory file at `path`."""

    def __init__(self, path: Path, clock: Callable[[], datetime.datetime] = now) -> None:
        self._path = path
        self._clock = clock

    def find(self, names: Sequence[KeptName], *, just_deleted: bool = False) -> Found:  # noqa: ARG002  it is seen at once
        """Return which of `names` are reserved. Raises InventoryError."""
        wanted = {(one.service, one.name.lower()) for one in names}
        with self._inventory() as inventory:
            held = [_reservation(one) for one in inventory.soft_deleted.all() if one.token in _TOKENS]
        return Found(reservations=tuple(one for one in held if (one.service, one.name.lower()) in wanted))

    def secrets(self, vault: str) -> frozenset[str]:
        """Return the names of the secrets in a vault, deleted ones that it keeps too. Raises InventoryError."""
        with self._inventory() as inventory:
            live = [one.id for one in inventory.of_type(KEPT_TYPE)]
            gone = [one.id for one in inventory.soft_deleted.all() if one.token == KEPT_TYPE]
        found = [one.rpartition("/secrets/") for one in (*live, *gone)]
        return frozenset(name for above, _, name in found if above.lower().endswith(f"/vaults/{vault.lower()}"))

    def purge(self, reservation: Reservation) -> None:
        """Free a name. Raises PurgeError, InventoryError."""
        with self._inventory() as inventory:
            try:
                for one in inventory.soft_deleted.all():
                    if one.token in _TOKENS and _reservation(one) == reservation:
                        purge(inventory, one.name)
                        return
            except CloudError as error:
                raise PurgeError(service=reservation.service, name=reservation.name, reason=str(error)) from error
        raise PurgeError(service=reservation.service, name=reservation.name, reason="nothing holds that name")

    @contextmanager
    def _inventory(self) -> Generator[Inventory]:
        inventory = Inventory(self._path, self._clock)
        try:
            yield inventory
        finally:
            inventory.close()


def _reservation(held: SoftDeleted) -> Reservation:
    return Reservation(
        service=_TOKENS[held.token],
        name=held.id.rpartition("/")[2],
        location=held.location,
        until=held.until,
        protected=held.protected,
    )
