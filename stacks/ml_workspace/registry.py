"""The container registry: images of jobs and endpoints."""

import pulumi
from pulumi_azure_native import containerregistry

from shared.components import azure_role as role
from shared.components.role_assignments import Grant, RoleAssignments
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags

_UNTAGGED_DAYS = 30


def container_registry(
    env: Environment, identity: IdentityOutputs
) -> tuple[containerregistry.Registry, RoleAssignments]:
    """Return the registry, without its admin account, and what must be there before anything pulls from it.

    Azure's own key encrypts it. It takes a key of ours only at its creation, where it reads the key as a user-assigned
    identity, and that identity does not pass a vault's firewall (Microsoft, "Encrypt registry with a customer-managed
    key", advanced scenario: Key Vault firewall).
    """
    premium = env.ml_workspace.container_registry_sku == "Premium"
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
