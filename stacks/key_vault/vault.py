"""A vault as all of ours are: roles decide who gets in, the firewall denies, deleted things can be recovered."""

import pulumi
from pulumi_azure_native import keyvault

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def vault(env: Environment, identity: IdentityOutputs, purpose: str, *, premium: bool = False) -> keyvault.Vault:
    """Return a vault. Its private endpoint, where there is one, belongs to network_storage, which has the subnet.

    Keys and secrets are made through ARM, so no network route into the vault is needed for that.
    """
    sku = keyvault.SkuName.PREMIUM if premium else keyvault.SkuName.STANDARD
    return keyvault.Vault(
        f"{purpose}-vault",
        vault_name=Names(env).of("key_vault", purpose),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=identity.tenant_id,
            sku=keyvault.SkuArgs(family="A", name=sku),
            # The SDK sends false, and an open network, where these are left out.
            enable_rbac_authorization=True,
            public_network_access="Disabled" if env.private_endpoints else "Enabled",
            network_acls=keyvault.NetworkRuleSetArgs(default_action="Deny", bypass="AzureServices"),
            enable_soft_delete=True,
            soft_delete_retention_in_days=env.key_vault.soft_delete_days,
            # Azure refuses false: on for ever, or left out.
            enable_purge_protection=True if env.protection.purge else None,
            enabled_for_deployment=False,
            enabled_for_disk_encryption=False,
            enabled_for_template_deployment=False,
        ),
        tags=tags(env, "key_vault"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )
