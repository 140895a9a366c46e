"""The storage account of the platform's data, reached from our network only."""

from pulumi_azure_native import network, storage

from shared.contracts import IdentityOutputs, KeyVaultOutputs
from shared.environment import Environment
from stacks.network_storage.closed_account import closed_account


def storage_account(
    env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs, training: network.Subnet
) -> storage.StorageAccount:
    """Return the account: without a public endpoint, or with one that admits the training subnet."""
    return closed_account(
        "data",
        env=env,
        identity=identity,
        key_vault=key_vault,
        public_access="Disabled" if env.private_endpoints else "Enabled",
        subnet_ids=() if env.private_endpoints else (training.id,),
        scanned=env.protection.defender,
    )
