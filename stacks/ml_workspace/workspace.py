"""The Azure Machine Learning workspace: one, with the vault and the storage account of the other stacks."""

import dataclasses
from collections.abc import Sequence

import pulumi
from pulumi_azure_native import applicationinsights, containerregistry, machinelearningservices

from shared.components.role_assignments import RoleAssignments
from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs
from shared.environment import Environment
from shared.naming import Names
from shared.tags import tags
from stacks.ml_workspace.clusters import IMAGE_BUILD


@dataclasses.dataclass(frozen=True, kw_only=True)
class Associated:
    """What the workspace uses. after: the roles of its identity, which must be there before it."""

    insights: applicationinsights.Component
    registry: containerregistry.Registry
    after: Sequence[RoleAssignments]


def ml_workspace(
    env: Environment,
    identity: IdentityOutputs,
    key_vault: KeyVaultOutputs,
    network_storage: NetworkStorageOutputs,
    associated: Associated,
) -> machinelearningservices.Workspace:
    """Return the workspace, which reads its stores as its own identity and with no key."""
    own = identity.identity_ids["workspace"]
    return machinelearningservices.Workspace(
        "workspace",
        workspace_name=Names(env).of("ml_workspace"),
        resource_group_name=identity.resource_group_name,
        location=env.azure.location,
        kind="Default",
        sku=machinelearningservices.SkuArgs(name="Basic", tier=machinelearningservices.SkuTier.BASIC),
        identity=machinelearningservices.ManagedServiceIdentityArgs(
            type="UserAssigned", user_assigned_identities=[own]
        ),
        primary_user_assigned_identity=own,
        # The service gives these two ids back in another case, and neither may change.
        key_vault=_in_case(key_vault.ml_vault_id, "Microsoft.Keyvault"),
        application_insights=_in_case(associated.insights.id, "Microsoft.insights"),
        storage_account=network_storage.storage_account_id,
        container_registry=associated.registry.id,
        system_datastores_auth_mode="Identity",
        image_build_compute=IMAGE_BUILD,
        public_network_access="Disabled" if env.private_endpoints else "Enabled",
        hbi_workspace=env.ml_workspace.high_business_impact,
        v1_legacy_mode=False,
        managed_network=_managed_network(env, network_storage),
        # Without it the first deployment of a model waits half an hour.
        provision_network_now=_isolated(env),
        tags=tags(env, "ml_workspace"),
        opts=pulumi.ResourceOptions(protect=env.protection.deletion, depends_on=list(associated.after)),
    )


def _in_case(resource_id: pulumi.Output[str], namespace: str) -> pulumi.Output[str]:
    """Return an ARM id with its namespace written as `namespace`."""

    def rewritten(text: str) -> str:
        scope, found, rest = text.partition("/providers/")
        return f"{scope}{found}{namespace}/{rest.partition('/')[2]}" if found else text

    return resource_id.apply(rewritten)


def _isolated(env: Environment) -> bool:
    return env.ml_workspace.isolation_mode != "Disabled"


def _managed_network(
    env: Environment, network_storage: NetworkStorageOutputs
) -> machinelearningservices.ManagedNetworkSettingsArgs:
    """Return the network that the service keeps for the workspace.

    It makes private endpoints to the associated resources itself, but for queues and tables, which batch endpoints use.
    There are no rules with host names: the first one starts a firewall that costs more than the rest.
    """
    if not _isolated(env):
        return machinelearningservices.ManagedNetworkSettingsArgs(isolation_mode="Disabled")
    return machinelearningservices.ManagedNetworkSettingsArgs(
        isolation_mode=env.ml_workspace.isolation_mode,
        firewall_sku="Basic",
        outbound_rules={
            f"storage-{part}": machinelearningservices.PrivateEndpointOutboundRuleArgs(
                type="PrivateEndpoint",
                category="UserDefined",
                destination=machinelearningservices.PrivateEndpointDestinationArgs(
                    service_resource_id=network_storage.storage_account_id,
                    subresource_target=part,
                    spark_enabled=False,
                ),
            )
            for part in ("queue", "table")
        },
    )
