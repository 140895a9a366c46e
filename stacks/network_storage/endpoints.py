"""Private ways into the storage account and the vaults."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import privatedns, storage

from shared.components.customer_key import of_customer_key
from shared.components.private_endpoint import PrivateEndpoint
from shared.components.private_link import Group
from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from shared.tags import tags


def private_endpoints(
    env: Environment,
    identity: IdentityOutputs,
    key_vault: KeyVaultOutputs,
    *,
    subnet_id: pulumi.Output[str],
    account: storage.StorageAccount,
    zones: Mapping[str, privatedns.PrivateZone],
) -> dict[str, PrivateEndpoint]:
    """Return the endpoints of blobs, files and each vault, by purpose."""

    zone_ids = {name: zone.id for name, zone in zones.items()}

    def endpoint(purpose: str, group: Group, target: pulumi.Input[str], *after: PrivateEndpoint) -> PrivateEndpoint:
        return PrivateEndpoint(
            purpose,
            environment=env,
            resource_group_name=identity.resource_group_name,
            subnet_id=subnet_id,
            target_id=target,
            group=group,
            zone_ids=zone_ids,
            tags=tags(env, "network_storage"),
            after=after,
        )

    blob = endpoint("blob", "blob", account.id)
    made = {
        "blob": blob,
        "file": endpoint("file", "file", account.id, blob),
        "ml-vault": endpoint("ml-vault", "vault", key_vault.ml_vault_id),
    }
    if env.key_vault.customer_managed_key:
        made["cmk-vault"] = endpoint("cmk-vault", "vault", of_customer_key(env, key_vault, "cmk_vault_id"))
    return made
