"""Which names of an environment its services keep after a deletion."""

import dataclasses

from shared.environment import Environment
from shared.naming import Names
from shared.reserved_names.reservation import Service


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptName:
    """A name that stays reserved when its resource is deleted. stack: whose resource it is."""

    stack: str
    service: Service
    name: str


def kept_names(environment: Environment) -> tuple[KeptName, ...]:
    """Return the names that stay reserved, of everything that the environment deploys."""
    names = Names(environment)
    vaults = ("ml", "cmk") if environment.key_vault.customer_managed_key else ("ml",)
    return (
        *(KeptName(stack="key_vault", service="key vault", name=names.of("key_vault", purpose)) for purpose in vaults),
        KeptName(stack="ml_workspace", service="App Configuration store", name=names.of("app_configuration")),
        KeptName(stack="ml_workspace", service="ML workspace", name=names.of("ml_workspace")),
    )
