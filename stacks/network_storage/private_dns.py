"""The private DNS zones in which services have their private addresses."""

import itertools

from pulumi_azure_native import network, privatedns

from shared.components.private_link import PRIVATE_ZONES
from shared.contracts import IdentityOutputs
from shared.environment import Environment
from shared.tags import tags


def private_zones(
    env: Environment, identity: IdentityOutputs, vnet: network.VirtualNetwork
) -> dict[str, privatedns.PrivateZone]:
    """Return the zones by their names, each linked to the network. ml_workspace uses some of them."""
    zones: dict[str, privatedns.PrivateZone] = {}
    for zone_name in itertools.chain.from_iterable(PRIVATE_ZONES.values()):
        purpose = zone_name.removeprefix("privatelink.").replace(".", "-")
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
