"""Where data lives and how it is reached: the network, private DNS, the storage account."""

from shared.components.diagnostics import DiagnosticLogs
from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs
from shared.environment import Environment
from stacks.network_storage.access import grant_access
from stacks.network_storage.blob_data import blob_data
from stacks.network_storage.endpoints import private_endpoints
from stacks.network_storage.flow_logs import flow_logs
from stacks.network_storage.network import virtual_network
from stacks.network_storage.private_dns import private_zones
from stacks.network_storage.storage_account import storage_account
from stacks.network_storage.threat_detection import detect_threats


def program(env: Environment, identity: IdentityOutputs, key_vault: KeyVaultOutputs) -> NetworkStorageOutputs:
    """The network, its private DNS zones, and the storage account."""
    network = virtual_network(env, identity)
    flow_logs(env, identity, key_vault, network.vnet)
    zones = private_zones(env, identity, network.vnet) if env.private_endpoints else {}

    account = storage_account(env, identity, key_vault, network.training)
    data = blob_data(env, identity, account)
    DiagnosticLogs("blobs", resource_id=data.service.id, log_analytics_id=key_vault.log_analytics_id)
    detect_threats(env, account, data.service)

    endpoints = (
        private_endpoints(
            env, identity, key_vault, subnet_id=network.private_endpoints.id, account=account, zones=zones
        )
        if env.private_endpoints
        else {}
    )
    grant_access(env, identity, account, endpoints)

    return NetworkStorageOutputs(
        vnet_id=network.vnet.id,
        subnet_ids=network.subnet_ids,
        dns_zone_ids={name: zone.id for name, zone in zones.items()},
        storage_account_id=account.id,
        storage_account_name=account.name,
        blob_storage_account_url=account.primary_endpoints.blob,
        container_names={name: container.name for name, container in data.containers.items()},
    )
