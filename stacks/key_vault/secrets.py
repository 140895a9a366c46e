"""Secrets of other parties, for jobs and endpoints to read at run time."""

import datetime

import pulumi
from pulumi_azure_native import keyvault

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.tags import tags


class SecretMissingError(pulumi.RunError):
    """The environment lists a secret that the stack's configuration does not hold. name and environment are fields."""

    def __init__(self, *, name: str, environment: str) -> None:
        self.name = name
        self.environment = environment
        super().__init__(
            f"secret {name} of stack key_vault has no value in environment {environment}; "
            f"run: invoke secret set {name} --stack key_vault --env {environment}"
        )


def vault_secrets(env: Environment, identity: IdentityOutputs, home: keyvault.Vault) -> list[str]:
    """Put the environment's secrets into the vault and return their names. Raises SecretMissingError."""
    configuration = pulumi.Config()
    for name, secret in env.key_vault.secrets.items():
        value = configuration.get_secret(name)
        if value is None:
            raise SecretMissingError(name=name, environment=env.name)
        keyvault.Secret(
            name,
            secret_name=name,
            vault_name=home.name,
            resource_group_name=identity.resource_group_name,
            properties=keyvault.SecretPropertiesArgs(
                value=value,
                content_type=secret.content_type,
                attributes=keyvault.SecretAttributesArgs(enabled=True, expires=_epoch(secret.expires)),
            ),
            tags=tags(env, "key_vault"),
            # The provider deletes secrets through the vault's own network, which no runner reaches.
            opts=pulumi.ResourceOptions(retain_on_delete=True),
        )
    return sorted(env.key_vault.secrets)


def _epoch(day: datetime.date) -> int:
    """Return the first second of a day (UTC) in Unix time. A date, not "in 90 days": that would change every day."""
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())
