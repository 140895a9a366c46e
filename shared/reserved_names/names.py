"""Which names of an environment its services keep after a deletion."""

import dataclasses

from shared.environment import Environment
from shared.naming import Names
from shared.reserved_names.reservation import STACKS, Service


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptName:
    """A name that stays reserved when its resource is deleted."""

    service: Service
    name: str

    @property
    def stack(self) -> str:
        """Return whose resource it is."""
        return STACKS[self.service]


def kept_names(environment: Environment) -> tuple[KeptName, ...]:
    """Return the names that stay reserved, of everything that the environment deploys."""
    names = Names(environment)
    vaults = ("ml", "cmk") if environment.key_vault.customer_managed_key else ("ml",)
    return (
        *(KeptName(service="key vault", name=names.of("key_vault", purpose)) for purpose in vaults),
        KeptName(service="App Configuration store", name=names.of("app_configuration")),
        KeptName(service="ML workspace", name=names.of("ml_workspace")),
    )
