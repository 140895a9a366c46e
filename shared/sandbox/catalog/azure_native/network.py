"""Microsoft.Network: virtual networks, subnets, security groups, addresses and gateways."""

import ipaddress

from shared.sandbox.catalog.azure_native.address_space import (
    check_network_range,
    check_prefix_in_use,
    check_subnet_range,
)
from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import etag, extended, location, with_defaults
from shared.sandbox.catalog.azure_native.in_use import (
    keep_address,
    keep_gateway,
    keep_network,
    keep_security_group,
    keep_subnet,
)
from shared.sandbox.catalog.azure_native.references import at, before, check_type
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_list, is_mapping

_NETWORK = "Microsoft.Network/virtualNetworks/{virtualNetworkName}"
_VERSION = "2024-05-01"
_ENDPOINT_SERVICES = (
    "Microsoft.AzureCosmosDB",
    "Microsoft.CognitiveServices",
    "Microsoft.ContainerRegistry",
    "Microsoft.EventHub",
    "Microsoft.KeyVault",
    "Microsoft.ServiceBus",
    "Microsoft.Sql",
    "Microsoft.Storage",
    "Microsoft.Storage.Global",
    "Microsoft.Web",
)
_PRIORITIES = range(100, 4097)
_FIRST_PUBLIC_ADDRESS = ipaddress.IPv4Address("198.51.100.1")  # documentation range of RFC 5737
_DEFAULT_RULES = (
    # name, priority, access, direction, source, destination
    ("AllowVnetInBound", 65000, "Allow", "Inbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Allow", "Inbound", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Deny", "Inbound", "*", "*"),
    ("AllowVnetOutBound", 65000, "Allow", "Outbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Allow", "Outbound", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Deny", "Outbound", "*", "*"),
)


def _name(key: str, longest: int, shortest: int = 1) -> NameRule:
    """Return the rule for most names of this namespace: letter or digit first, no dot or hyphen last."""
    pattern = rf"(?=.{{{shortest},{longest}}}$)[a-zA-Z0-9]([\w.-]*\w)?"
    return NameRule(property=key, pattern=pattern, code="InvalidResourceName")


def _network_outputs(request: Request) -> Properties:
    return {
        "enableDdosProtection": request.inputs.get("enableDdosProtection", False),
        "flowLogs": [],
        "privateEndpointVNetPolicies": request.text("privateEndpointVNetPolicies", "Disabled"),
        "subnets": [],
        "virtualNetworkPeerings": request.inputs.get("virtualNetworkPeerings", []),
    }


def _check_network(request: Request) -> None:
    if request.inputs.get("subnets"):
        raise CloudError("NotModelled", "the sandbox wants subnets as resources of their own, not inside the network")
    check_network_range(request)


def _check_subnet(request: Request) -> None:
    check_subnet_range(request)
    check_prefix_in_use(request)
    group = at(request.inputs, "networkSecurityGroup.id")
    check_type(group, ["Microsoft.Network/networkSecurityGroups"], "networkSecurityGroup.id")
    check_type(at(request.inputs, "natGateway.id"), ["Microsoft.Network/natGateways"], "natGateway.id")
    for endpoint in request.inputs.get("serviceEndpoints") or []:
        if at(endpoint, "service") not in _ENDPOINT_SERVICES:
            raise CloudError("SubnetHasInvalidServiceEndpoint", f"There is no service '{at(endpoint, 'service')}'.")
    _check_endpoint_policies(request)


def _check_endpoint_policies(request: Request) -> None:
    policies = request.inputs.get("serviceEndpointPolicies") or []
    for policy in policies:
        kinds = ["Microsoft.Network/serviceEndpointPolicies"]
        check_type(at(policy, "id"), kinds, "serviceEndpointPolicies.id")
    services = {str(at(endpoint, "service")) for endpoint in request.inputs.get("serviceEndpoints") or []}
    if policies and not services & {"Microsoft.Storage", "Microsoft.Storage.Global"}:
        raise CloudError(
            "InvalidRequestFormat", "A subnet with a policy for Microsoft.Storage needs that service endpoint."
        )


def _subnet_outputs(request: Request) -> Properties:
    linked = ("networkSecurityGroup", "natGateway", "routeTable")
    return {
        **{key: _reference(request.inputs[key]) for key in linked if key in request.inputs},
        "delegations": _sub_resources(request, "delegations", actions=[]),
        "ipConfigurationProfiles": [],
        "ipConfigurations": [],
        "privateEndpointNetworkPolicies": request.text("privateEndpointNetworkPolicies", "Disabled"),
        "privateEndpoints": [],
        "privateLinkServiceNetworkPolicies": request.text("privateLinkServiceNetworkPolicies", "Enabled"),
        "purpose": "",
        "resourceNavigationLinks": [],
        "serviceAssociationLinks": [],
        "serviceEndpointPolicies": _references(request.inputs.get("serviceEndpointPolicies")),
        "serviceEndpoints": _service_endpoints(request.inputs.get("serviceEndpoints")),
    }


def _reference(value: Json) -> Json:
    return {"id": value.get("id")} if is_mapping(value) else value


def _references(value: Json) -> Json:
    return [_reference(one) for one in value] if is_list(value) else value


def _service_endpoints(said: Json) -> Json:
    if said is None or not is_list(said):
        return said or []
    return [extended(with_defaults(one, locations=["*"]), provisioningState="Succeeded") for one in said]


def _sub_resources(request: Request, key: str, **more: Json) -> Json:
    """Return a list of objects that become resources below this one: each gets an etag, a state and a type."""
    said = request.inputs.get(key)
    if said is not None and not is_list(said):
        return said
    added = {"etag": etag(request), "provisioningState": "Succeeded", **more}
    return [extended(one, **added) for one in said or []]


def _check_group(request: Request) -> None:
    rules = [rule for rule in request.inputs.get("securityRules") or [] if is_mapping(rule)]
    names = [rule.get("name") for rule in rules]
    if len(names) != len(set(names)):
        raise CloudError("InvalidRequestFormat", "Two security rules have the same name.")
    for direction in ("Inbound", "Outbound"):
        used = [rule.get("priority") for rule in rules if rule.get("direction") == direction]
        if len(used) != len(set(used)):
            raise CloudError(
                "SecurityRuleConflict", f"Security rules conflict: {direction} rules have the same priority."
            )
        if any(priority not in _PRIORITIES for priority in used):
            raise CloudError(
                "SecurityRuleInvalidPriority",
                f"A security rule's priority is between {_PRIORITIES.start} and {_PRIORITIES.stop - 1}.",
            )


def _group_outputs(request: Request) -> Properties:
    kind = "Microsoft.Network/networkSecurityGroups"
    return {
        "defaultSecurityRules": [_default_rule(request, rule) for rule in _DEFAULT_RULES],
        "flowLogs": [],
        "networkInterfaces": [],
        "securityRules": _sub_resources(request, "securityRules", type=f"{kind}/securityRules"),
        "subnets": [],
    }


def _default_rule(request: Request, rule: tuple[str, int, str, str, str, str]) -> Properties:
    name, priority, access, direction, source, target = rule
    return {
        "id": f"{request.id}/defaultSecurityRules/{name}",
        "name": name,
        "type": "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
        "etag": etag(request),
        "provisioningState": "Succeeded",
        "access": access,
        "direction": direction,
        "priority": priority,
        "protocol": "*",
        "sourceAddressPrefix": source,
        "sourcePortRange": "*",
        "destinationAddressPrefix": target,
        "destinationPortRange": "*",
    }


def _check_address(request: Request) -> None:
    standard = at(request.inputs, "sku.name") == "Standard"
    if standard and request.text("publicIPAllocationMethod", "Dynamic") != "Static":
        raise CloudError(
            "PublicIPAddressStandardSkuMustHaveStaticAllocation",
            "A public IP address of the Standard SKU needs the allocation method Static.",
        )
    _check_zones(request, "public IP address")


def _check_zones(request: Request, what: str) -> None:
    old = before(request)
    if old and at(old.inputs, "zones") != at(request.inputs, "zones"):
        raise CloudError("ResourceAvailabilityZonesCannotBeModified", f"The zones of a {what} are fixed.")


def _address_outputs(request: Request) -> Properties:
    method = request.text("publicIPAllocationMethod", "Dynamic")
    address = None if method == "Dynamic" else str(_FIRST_PUBLIC_ADDRESS + request.serial % 254)
    return {
        "idleTimeoutInMinutes": request.inputs.get("idleTimeoutInMinutes", 4),
        "ipAddress": address,
        "publicIPAddressVersion": request.text("publicIPAddressVersion", "IPv4"),
        "publicIPAllocationMethod": method,
        "sku": with_defaults(request.inputs.get("sku"), name="Basic", tier="Regional"),
    }


def _check_gateway(request: Request) -> None:
    for address in request.inputs.get("publicIpAddresses") or []:
        address_id = at(address, "id")
        check_type(address_id, ["Microsoft.Network/publicIPAddresses"], "publicIpAddresses.id")
        record = request.existing.find(str(address_id))
        if record and at(record.outputs, "sku.name") != at(request.inputs, "sku.name"):
            raise CloudError("NatGatewayAndPublicIpSkuMismatch", "A NAT gateway and its addresses have one SKU.")
        if record and record.outputs.get("location") != location(request):
            raise CloudError("InvalidResourceReference", "A NAT gateway and its addresses lie in one region.")
    _check_zones(request, "NAT gateway")


MODELS = (
    arm(
        "network:VirtualNetwork",
        _NETWORK,
        api_version=_VERSION,
        properties="addressSpace bgpCommunities ddosProtectionPlan dhcpOptions enableDdosProtection enableVmProtection"
        " encryption extendedLocation flowTimeoutInMinutes id ipAllocations location privateEndpointVNetPolicies"
        " subnets tags virtualNetworkPeerings",
        required="addressSpace location",
        name=_name("virtualNetworkName", 64, 2),
        check=_check_network,
        check_delete=keep_network,
        standard="etag provisioningState resourceGuid",
        outputs=_network_outputs,
        write_only="id",
        replace_on="location",
    ),
    arm(
        "network:Subnet",
        f"{_NETWORK}/subnets/{{subnetName}}",
        api_version=_VERSION,
        properties="addressPrefix addressPrefixes applicationGatewayIPConfigurations defaultOutboundAccess delegations"
        " id ipAllocations ipamPoolPrefixAllocations name natGateway networkSecurityGroup"
        " privateEndpointNetworkPolicies privateLinkServiceNetworkPolicies routeTable serviceEndpointPolicies"
        " serviceEndpoints sharingScope type",
        name=_name("subnetName", 80),
        check=_check_subnet,
        check_delete=keep_subnet,
        standard="etag provisioningState",
        outputs=_subnet_outputs,
        write_only="id",
    ),
    arm(
        "network:NetworkSecurityGroup",
        "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
        api_version=_VERSION,
        properties="flushConnection id location securityRules tags",
        required="location",
        name=_name("networkSecurityGroupName", 80),
        check=_check_group,
        check_delete=keep_security_group,
        standard="etag provisioningState resourceGuid",
        outputs=_group_outputs,
        write_only="id",
    ),
    arm(
        "network:PublicIPAddress",
        "Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
        api_version=_VERSION,
        properties="ddosSettings deleteOption dnsSettings extendedLocation id idleTimeoutInMinutes ipAddress ipTags"
        " linkedPublicIPAddress location migrationPhase natGateway publicIPAddressVersion publicIPAllocationMethod"
        " publicIPPrefix servicePublicIPAddress sku tags zones",
        required="location",
        name=_name("publicIpAddressName", 80),
        check=_check_address,
        check_delete=keep_address,
        standard="etag provisioningState resourceGuid",
        outputs=_address_outputs,
        write_only="id",
        replace_on="location publicIPAddressVersion publicIPPrefix sku",
    ),
    arm(
        "network:NatGateway",
        "Microsoft.Network/natGateways/{natGatewayName}",
        api_version=_VERSION,
        properties="id idleTimeoutInMinutes location publicIpAddresses publicIpPrefixes sku tags zones",
        required="location sku",
        name=_name("natGatewayName", 80),
        check=_check_gateway,
        check_delete=keep_gateway,
        standard="etag provisioningState resourceGuid",
        outputs=lambda request: {
            "idleTimeoutInMinutes": request.inputs.get("idleTimeoutInMinutes", 4),
            "subnets": [],
        },
        write_only="id",
    ),
)
