"""App Configuration: the one place for settings of the whole AI system, on both clouds."""

import pulumi
from pulumi_azure_native import appconfiguration

from shared.components.customer_key import of_customer_key
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

_RECOVERABLE_DAYS = 7


def configuration_store(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs
) -> appconfiguration.ConfigurationStore:
    """Return the store. It takes Entra logins only; key-values are written through ARM as whoever deploys."""
    standard = env.ml_workspace.configuration_sku == "standard"
    encrypted = standard and env.key_vault.customer_managed_key
    return appconfiguration.ConfigurationStore(
        "configuration",
        config_store_name=Names(env).of("app_configuration"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        sku=appconfiguration.SkuArgs(name=env.ml_workspace.configuration_sku),
        disable_local_auth=True,
        public_network_access="Disabled" if env.private_endpoints else "Enabled",
        # Without access keys ARM reaches key-values in this mode only, and those of a private store by delegation.
        data_plane_proxy=appconfiguration.DataPlaneProxyPropertiesArgs(
            authentication_mode="Pass-through",
            private_link_delegation="Enabled" if env.private_endpoints else "Disabled",
        ),
        # The free tier deletes at once.
        soft_delete_retention_in_days=_RECOVERABLE_DAYS if standard else 0,
        enable_purge_protection=standard and env.protection.purge,
        identity=_identity(identity) if encrypted else None,
        encryption=_encryption(env, identity, key_vault) if encrypted else None,
        tags=tags(env, "ml_workspace"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )


def _identity(identity: IdentityOutputs) -> appconfiguration.ResourceIdentityArgs:
    return appconfiguration.ResourceIdentityArgs(
        type="UserAssigned", user_assigned_identities=[identity.identity_ids["cmk"]]
    )


def _encryption(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs
) -> appconfiguration.EncryptionPropertiesArgs:
    return appconfiguration.EncryptionPropertiesArgs(
        key_vault_properties=appconfiguration.KeyVaultPropertiesArgs(
            key_identifier=of_customer_key(env, key_vault, "cmk_key_uri"),
            identity_client_id=identity.identity_client_ids["cmk"],
        )
    )
