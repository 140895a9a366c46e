"""Microsoft.Network private DNS zones and their links to virtual networks."""

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.in_use import keep_zone
from shared.sandbox.catalog.azure_native.references import at, before, check_type, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

_ZONE = "Microsoft.Network/privateDnsZones/{privateZoneName}"
_LINK = "privatedns:VirtualNetworkLink"
_LABEL = r"[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?"


def _check_global(request: Request) -> None:
    if request.text("location", "global").lower() != "global":
        raise CloudError("LocationNotAvailableForResourceType", "Private DNS zones and links have the location global.")


def _zone_outputs(request: Request) -> Properties:
    """Return the zone's outputs; the limits are those of "Azure DNS limits". A new zone has its SOA record."""
    return {
        "internalId": request.hex("internal", 32),
        "maxNumberOfRecordSets": 25000,
        "maxNumberOfVirtualNetworkLinks": 1000,
        "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        "numberOfRecordSets": 1,
        "numberOfVirtualNetworkLinks": 0,
        "numberOfVirtualNetworkLinksWithRegistration": 0,
    }


def _check_link(request: Request) -> None:
    _check_global(request)
    network = at(request.inputs, "virtualNetwork.id")
    check_type(network, ["Microsoft.Network/virtualNetworks"], "virtualNetwork.id")
    old = before(request)
    if old and str(at(old.inputs, "virtualNetwork.id")).lower() != str(network).lower():
        raise CloudError("BadRequest", "The virtual network of a link cannot be changed.")
    for record in request.existing.of_type(f"azure-native:{_LINK}"):
        same_zone = (parent_id(record.id) or "").lower() == (parent_id(request.id) or "").lower()
        same_network = str(at(record.inputs, "virtualNetwork.id")).lower() == str(network).lower()
        if same_zone and same_network and record.id.lower() != request.id.lower():
            raise CloudError("Conflict", f"The virtual network is linked to the zone already: {record.id}")


MODELS = (
    arm(
        "privatedns:PrivateZone",
        _ZONE,
        api_version="2024-06-01",
        properties="location tags",
        required="location",
        name=NameRule(property="privateZoneName", pattern=rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL}){{1,33}}"),
        exists_code="PreconditionFailed",
        check=_check_global,
        check_delete=keep_zone,
        standard="etag provisioningState systemData",
        outputs=_zone_outputs,
    ),
    arm(
        _LINK,
        f"{_ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}",
        api_version="2024-06-01",
        properties="location registrationEnabled resolutionPolicy tags virtualNetwork",
        required="location registrationEnabled virtualNetwork",
        name=NameRule(property="virtualNetworkLinkName", pattern=r"[a-zA-Z0-9]([\w.-]{0,78}\w)?"),
        exists_code="PreconditionFailed",
        check=_check_link,
        standard="etag provisioningState systemData",
        outputs=lambda request: {
            "resolutionPolicy": request.text("resolutionPolicy", "Default"),
            "virtualNetworkLinkState": "Completed",
        },
    ),
)
