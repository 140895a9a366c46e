"""A private endpoint without a DNS zone group is an address that no client finds: they resolve the public one."""

from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule

_GROUP = "azure-native:network:PrivateDnsZoneGroup"


def _zone_group(resource: Resource, estate: Estate) -> str:
    name = resource.inputs.get("privateEndpointName")
    groups = (one for one in estate.resources if one.type == _GROUP and one.inputs.get("privateEndpointName") == name)
    zones = [zone for group in groups for zone in at(group.inputs, "privateDnsZoneConfigs") or []]
    return (
        "" if any(at(zone, "privateDnsZoneId") for zone in zones) else f"no DNS zone knows the private endpoint {name}"
    )


RULES = (
    Rule(
        id="MLP_AZURE_3",
        title="a private endpoint has a DNS zone group",
        types=frozenset({"azure-native:network:PrivateEndpoint"}),
        problem=_zone_group,
        fix="use shared/components/private_endpoint.py, which makes both",
    ),
)
