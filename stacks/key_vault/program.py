"""Vaults that hold the platform's keys and secrets, and who may use them."""

from pulumi import Output

from shared.components import azure_role as role
from shared.components.diagnostics import DiagnosticLogs
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from stacks.key_vault.encryption import encryption_key
from stacks.key_vault.log_analytics import log_analytics
from stacks.key_vault.secrets import vault_secrets
from stacks.key_vault.vault import vault


def program(env: Environment, identity: IdentityOutputs) -> KeyVaultOutputs:
    """Vaults, secrets and logs, and the key that encrypts data where the environment asks for one of ours."""
    logs = log_analytics(env, identity)

    ml_vault = vault(env, identity, "ml")
    DiagnosticLogs("ml-vault", resource_id=ml_vault.id, log_analytics_id=logs.id)
    RoleAssignments(
        "ml-vault",
        environment=env,
        scope=ml_vault.id,
        grants=[
            # Microsoft asks for these of a workspace that has an identity of its user's.
            Grant.to_identity(
                identity, "workspace", role.CONTRIBUTOR, role.KEY_VAULT_ADMINISTRATOR, *role.approver(env)
            ),
            Grant.to_identity(identity, "compute", role.KEY_VAULT_SECRETS_USER),
            Grant.to_identity(identity, "endpoint", role.KEY_VAULT_SECRETS_USER),
            Grant.to_group(identity, "ml_admins", role.KEY_VAULT_SECRETS_OFFICER),
        ],
    )
    secret_names = vault_secrets(env, identity, ml_vault)

    cmk = encryption_key(env, identity, logs) if env.key_vault.customer_managed_key else None

    return KeyVaultOutputs(
        key_vault_uri=ml_vault.properties.vault_uri,
        ml_vault_id=ml_vault.id,
        ml_vault_name=ml_vault.name,
        cmk_vault_id=cmk.vault_id if cmk else Output.from_input(None),
        cmk_vault_uri=cmk.vault_uri if cmk else Output.from_input(None),
        cmk_key_name=cmk.key_name if cmk else Output.from_input(None),
        secret_names=Output.from_input(secret_names),
        log_analytics_id=logs.id,
    )
