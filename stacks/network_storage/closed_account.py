"""A storage account as all of ours are: Entra logins only, no public data, encrypted twice, closed to others."""

from collections.abc import Sequence
from typing import Literal

import pulumi
from pulumi_azure_native import storage

from shared.components.customer_key import of_customer_key
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags


def closed_account(
    name: str,
    *,
    env: Environment,
    identity: IdentityOutputs,
    key_vault: KeyVaultOutputs,
    purpose: str = "",
    public_access: Literal["Disabled", "Enabled"] = "Disabled",
    subnet_ids: Sequence[pulumi.Input[str]] = (),
    scanned: bool = False,
) -> storage.StorageAccount:
    """Return an account. It has no connection string to leak: shared keys are off.

    name: logical; purpose: part of the account's name. public_access: whether the public endpoint answers at all; if
    it does, then only to subnet_ids. Services that Azure trusts get in with an Entra login either way. scanned: whether
    Defender's scanner gets in.
    """
    return storage.StorageAccount(
        name,
        account_name=Names(env).of("storage_account", purpose),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        kind="StorageV2",
        sku=storage.SkuArgs(name=env.storage.sku),
        access_tier=storage.AccessTier.HOT,
        # Azure Machine Learning refuses a default store with a hierarchical namespace.
        is_hns_enabled=False,
        minimum_tls_version="TLS1_2",
        enable_https_traffic_only=True,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        default_to_o_auth_authentication=True,
        is_local_user_enabled=False,
        is_sftp_enabled=False,
        allow_cross_tenant_replication=False,
        allowed_copy_scope="AAD",
        public_network_access=public_access,
        network_rule_set=_network_rules(subnet_ids, _scanner(env) if scanned else []),
        sas_policy=storage.SasPolicyArgs(expiration_action="Log", sas_expiration_period="1.00:00:00"),
        key_policy=storage.KeyPolicyArgs(key_expiration_period_in_days=90),
        identity=_identity(env, identity),
        encryption=_encryption(env, identity, key_vault),
        tags=tags(env, "network_storage"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )


def _scanner(env: Environment) -> list[storage.ResourceAccessRuleArgs]:
    """Return the rule that Defender adds when scanning is switched on; left out, the next update takes it away."""
    scanner = "providers/Microsoft.Security/datascanners/StorageDataScanner"
    resource_id = f"/subscriptions/{env.azure.subscription_id}/{scanner}"
    return [storage.ResourceAccessRuleArgs(tenant_id=str(env.azure.tenant_id), resource_id=resource_id)]


def _network_rules(
    subnet_ids: Sequence[pulumi.Input[str]], resources: list[storage.ResourceAccessRuleArgs]
) -> storage.NetworkRuleSetArgs:
    """Return the firewall. Always given: the provider opens the account to everybody where it is left out."""
    return storage.NetworkRuleSetArgs(
        default_action=storage.DefaultAction.DENY,
        bypass="AzureServices",
        virtual_network_rules=[
            storage.VirtualNetworkRuleArgs(virtual_network_resource_id=one, action=storage.Action.ALLOW)
            for one in subnet_ids
        ],
        resource_access_rules=resources,
    )


def _identity(env: Environment, identity: IdentityOutputs) -> storage.IdentityArgs | None:
    """Return who reads the key, where there is one: see of_customer_key."""
    if not env.key_vault.customer_managed_key:
        return None
    return storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[identity.identity_ids["cmk"]])


def _encryption(env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs) -> storage.EncryptionArgs:
    services = storage.EncryptionServicesArgs(
        blob=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
        file=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
        queue=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
        table=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
    )
    if not env.key_vault.customer_managed_key:
        return storage.EncryptionArgs(
            key_source="Microsoft.Storage", services=services, require_infrastructure_encryption=True
        )
    return storage.EncryptionArgs(
        key_source="Microsoft.Keyvault",
        # Without a version, so that a rotated key is picked up.
        key_vault_properties=storage.KeyVaultPropertiesArgs(
            key_name=of_customer_key(env, key_vault, "cmk_key_name"),
            key_vault_uri=of_customer_key(env, key_vault, "cmk_vault_uri"),
        ),
        encryption_identity=storage.EncryptionIdentityArgs(
            encryption_user_assigned_identity=identity.identity_ids["cmk"]
        ),
        services=services,
        require_infrastructure_encryption=True,
    )
