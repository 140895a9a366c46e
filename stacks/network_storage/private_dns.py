"""The private DNS zones in which services have their private addresses."""

from pulumi_azure_native import network, privatedns

from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.tags import tags

# Microsoft's "Azure private endpoint private DNS zone values". The last four are for ml_workspace.
ZONES = {
    "blob": "privatelink.blob.core.windows.net",
    "file": "privatelink.file.core.windows.net",
    "vault": "privatelink.vaultcore.azure.net",
    "ml-api": "privatelink.api.azureml.ms",
    "ml-notebooks": "privatelink.notebooks.azure.net",
    "registry": "privatelink.azurecr.io",
    "configuration": "privatelink.azconfig.io",
}


def private_zones(
    env: Environment, identity: IdentityOutputs, vnet: network.VirtualNetwork
) -> dict[str, privatedns.PrivateZone]:
    """Return the zones by their names, each linked to the network."""
    zones: dict[str, privatedns.PrivateZone] = {}
    for purpose, zone_name in ZONES.items():
        zone = privatedns.PrivateZone(
            purpose,
            private_zone_name=zone_name,
            resource_group_name=identity.resource_group_name,
            location="global",
            tags=tags(env, "network_storage"),
        )
        privatedns.VirtualNetworkLink(
            purpose,
            virtual_network_link_name="to-network",
            private_zone_name=zone.name,
            resource_group_name=identity.resource_group_name,
            location="global",
            registration_enabled=False,
            virtual_network=privatedns.SubResourceArgs(id=vnet.id),
            tags=tags(env, "network_storage"),
        )
        zones[zone_name] = zone
    return zones
