"""Secrets that left an environment's file and stayed in its vault: found before they are made again.

A secret is not deleted with its resource: the provider would go through the vault's own network, which no runner
reaches. So its name stays taken, and azure-native refuses to make what exists, in the middle of a run.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from shared.environment import Environment
from shared.naming import Names
from shared.reserved_names.errors import NamesReservedError, RegisterError
from shared.reserved_names.register import Register

KEPT_TYPE: Final = "azure-native:keyvault:Secret"
"""The type token of a secret in a vault."""

STACK: Final = "key_vault"
"""The stack that makes secrets."""


def secrets_of_state(resources: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Return the names of the secrets that a stack's state holds. resources: as checkpoints have them."""
    return frozenset(_last(one["id"]) for one in resources if one["type"] == KEPT_TYPE and one.get("id"))


def check_secrets(
    environment: Environment,
    register: Callable[[], Register],
    *,
    managed: frozenset[str],
    say: Callable[[str], None],
) -> None:
    """Check that the vault holds no secret that this deployment would make.

    register: makes the register; it is not called where no secret is new. managed: names that the stack's state holds.
    say: hears that nobody could tell; Azure itself would refuse then in the middle of a run.
    Raises NamesReservedError, and what `register` raises.
    """
    known = {name.lower() for name in managed}
    new = [name for name in sorted(environment.key_vault.secrets) if name.lower() not in known]
    if not new:
        return
    vault = Names(environment).of("key_vault", "ml")
    try:
        held = {name.lower() for name in register().secrets(vault)}
    except RegisterError as error:
        say(str(error))
        return
    taken = tuple(name for name in new if name.lower() in held)
    if taken:
        raise NamesReservedError(names=taken, sentences=tuple(_sentence(environment, vault, name) for name in taken))


def _sentence(environment: Environment, vault: str, name: str) -> str:
    what = f"the secret {name} is not in the state of {STACK}, and the key vault {vault} still holds it"
    return f"{what}: {_way(environment, vault, name)}"


def _way(environment: Environment, vault: str, name: str) -> str:
    rename = f"give it another name under key_vault.secrets in environments/{environment.name}.yaml"
    if environment.simulated:
        return f"{rename}, or run invoke destroy --env {environment.name}, which purges the vault"
    if environment.protection.purge:
        days = environment.key_vault.soft_delete_days
        return f"{rename}; a deleted one keeps its name for {days} days, since the vault has purge protection"
    commands = " and then ".join(
        f"az keyvault secret {verb} --vault-name {vault} --name {name}" for verb in ("delete", "purge")
    )
    return f"{rename}, or run, where the vault can be reached, {commands}"


def _last(resource_id: str) -> str:
    return resource_id.rstrip("/").rpartition("/")[2]
