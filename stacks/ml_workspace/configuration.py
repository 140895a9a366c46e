"""App Configuration: the one place for settings of the whole AI system, on both clouds."""

import pulumi
from pulumi_azure_native import appconfiguration

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

_RECOVERABLE_DAYS = 7


def configuration_store(env: Environment, identity: IdentityOutputs) -> appconfiguration.ConfigurationStore:
    """Return the store. It takes Entra logins only; key-values are written through ARM as whoever deploys.

    Azure's own key encrypts it. App Configuration is none of the services that pass a vault's firewall (Microsoft,
    "Virtual network service endpoints for Azure Key Vault", trusted services), so it cannot reach a key of ours.
    """
    standard = env.ml_workspace.configuration_sku == "standard"
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
        tags=tags(env, "ml_workspace"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )
