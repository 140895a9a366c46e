"""The key that encrypts data, in a vault of its own: whoever reads secrets has no say over the key."""

import dataclasses

import pulumi
from pulumi_azure_native import authorization, operationalinsights

from shared.components import azure_role as role
from shared.components.customer_managed_key import CustomerManagedKey
from shared.components.diagnostics import DiagnosticLogs
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.tags import tags
from stacks.key_vault.vault import vault


@dataclasses.dataclass(frozen=True, kw_only=True)
class EncryptionKey:
    """Where the key is. Its version is nobody's business: services pick up a rotated key by its name."""

    vault_id: pulumi.Output[str]
    vault_uri: pulumi.Output[str]
    key_name: pulumi.Output[str]


def encryption_key(env: Environment, identity: IdentityOutputs, logs: operationalinsights.Workspace) -> EncryptionKey:
    """Return the customer-managed key."""
    home = vault(env, identity, "cmk", premium=env.key_vault.hardware_keys)
    DiagnosticLogs("cmk-vault", resource_id=home.id, log_analytics_id=logs.id)
    RoleAssignments(
        "cmk-vault",
        environment=env,
        scope=home.id,
        grants=[Grant.to_identity(identity, "cmk", role.KEY_VAULT_ENCRYPTION_USER)],
    )
    key = CustomerManagedKey(
        "cmk",
        vault_name=home.name,
        resource_group_name=identity.resource_group_name,
        hardware=env.key_vault.hardware_keys,
        protect=env.protection.deletion,
        tags=tags(env, "key_vault"),
    )
    if env.protection.locks:
        authorization.ManagementLockByScope(
            "cmk-vault",
            lock_name="keep-encryption-keys",
            scope=home.id,
            level="CanNotDelete",
            notes="Without this vault's key all data of the platform is unreadable.",
        )
    return EncryptionKey(vault_id=home.id, vault_uri=home.properties.vault_uri, key_name=key.key_name)
