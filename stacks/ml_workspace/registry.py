"""The container registry: images of jobs and endpoints."""

import pulumi
from pulumi_azure_native import containerregistry

from shared.components import azure_role as role
from shared.components.customer_key import of_customer_key
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

_UNTAGGED_DAYS = 30


def container_registry(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs
) -> tuple[containerregistry.Registry, RoleAssignments]:
    """Return the registry, without its admin account, and what must be there before anything pulls from it."""
    premium = env.ml_workspace.container_registry_sku == "Premium"
    encrypted = premium and env.key_vault.customer_managed_key
    registry = containerregistry.Registry(
        "registry",
        registry_name=Names(env).of("container_registry"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        sku=containerregistry.SkuArgs(name=env.ml_workspace.container_registry_sku),
        admin_user_enabled=False,
        anonymous_pull_enabled=False,
        public_network_access="Disabled" if env.private_endpoints else "Enabled",
        network_rule_bypass_options="AzureServices",
        zone_redundancy="Enabled" if premium else "Disabled",
        data_endpoint_enabled=premium,
        policies=_policies(env) if premium else None,
        identity=_identity(identity) if encrypted else None,
        encryption=_encryption(env, identity, key_vault) if encrypted else None,
        tags=tags(env, "ml_workspace"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion),
    )
    access = RoleAssignments(
        "registry",
        environment=env,
        scope=registry.id,
        grants=[
            Grant.to_identity(identity, "workspace", role.CONTRIBUTOR, *role.approver(env)),
            # Images are built on a compute cluster: a private registry builds none itself.
            Grant.to_identity(identity, "compute", role.REGISTRY_PULL, role.REGISTRY_PUSH),
            Grant.to_identity(identity, "endpoint", role.REGISTRY_PULL),
        ],
    )
    return registry, access


def _policies(env: Environment) -> containerregistry.PoliciesArgs:
    # Azure refuses to forbid exports while the public endpoint is open.
    exports = "disabled" if env.private_endpoints else "enabled"
    return containerregistry.PoliciesArgs(
        retention_policy=containerregistry.RetentionPolicyArgs(status="enabled", days=_UNTAGGED_DAYS),
        export_policy=containerregistry.ExportPolicyArgs(status=exports),
    )


def _identity(identity: IdentityOutputs) -> containerregistry.IdentityPropertiesArgs:
    return containerregistry.IdentityPropertiesArgs(
        type=containerregistry.ResourceIdentityType.USER_ASSIGNED,
        # This API takes a map, where the others take a list.
        user_assigned_identities=identity.identity_ids["cmk"].apply(
            lambda identity_id: {identity_id: containerregistry.UserIdentityPropertiesArgs()}
        ),
    )


def _encryption(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs
) -> containerregistry.EncryptionPropertyArgs:
    return containerregistry.EncryptionPropertyArgs(
        status="enabled",
        key_vault_properties=containerregistry.KeyVaultPropertiesArgs(
            key_identifier=of_customer_key(env, key_vault, "cmk_key_uri"),
            identity=identity.identity_client_ids["cmk"],
        ),
    )
