"""What a resource costs in a month of 730 hours, as far as that follows from how it is declared.

List prices in USD without discounts, rounded estimates of East US and US East (N. Virginia), from the pricing pages
that each price names. Other regions differ by some tens of percent.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.stack_pages.errors import UnpricedTypeError
from shared.stack_pages.trial_run import Declared

_AZURE = "azure-native:"


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitPrice:
    """What one of something costs. usd: a month; source: title of the vendor's pricing page."""

    what: str
    usd: float
    source: str


@dataclasses.dataclass(frozen=True)
class Charge:
    """Some units of a price."""

    price: UnitPrice
    count: int = 1

    @property
    def usd(self) -> float:
        """Return the cost of a month."""
        return self.price.usd * self.count


def _azure(what: str, usd: float, service: str) -> UnitPrice:
    return UnitPrice(what=what, usd=usd, source=f"Microsoft, {service} pricing")


def _aws(what: str, usd: float, service: str) -> UnitPrice:
    return UnitPrice(what=what, usd=usd, source=f"Amazon, {service} pricing")


PRIVATE_ENDPOINT: Final = _azure("private endpoint", 7.3, "Azure Private Link")
PRIVATE_ZONE: Final = _azure("private DNS zone", 0.5, "Azure DNS")
MANAGED_ENDPOINT: Final = _azure("private endpoint of the managed network", 7.3, "Azure Private Link")
MANAGED_FIREWALL: Final = _azure("firewall of the managed network, Basic", 288.35, "Azure Firewall")
REGISTRY: Final = {
    sku: _azure(f"container registry, {sku}", usd, "Azure Container Registry")
    for sku, usd in {"Basic": 5.0, "Standard": 20.0, "Premium": 50.0}.items()
}
CONFIGURATION: Final = _azure("App Configuration, standard", 36.0, "Azure App Configuration")
CONFIGURATION_REPLICA: Final = _azure("App Configuration replica", 36.0, "Azure App Configuration")
HARDWARE_KEY: Final = _azure("RSA key of 3072 bits in hardware", 5.0, "Azure Key Vault")
NAT_GATEWAY: Final = _azure("NAT gateway", 32.85, "Azure NAT Gateway")
PUBLIC_ADDRESS: Final = _azure("static public address", 3.65, "Azure IP Addresses")
DEFENDER: Final = _azure("Defender for Storage", 10.0, "Microsoft Defender for Cloud")
ENCRYPTION_KEY: Final = _aws("KMS key", 1.0, "AWS Key Management Service")
INTERFACE_ENDPOINT: Final = _aws("interface endpoint in one availability zone", 7.3, "AWS PrivateLink")

UNIT_PRICES: Final = (
    PRIVATE_ENDPOINT,
    PRIVATE_ZONE,
    MANAGED_ENDPOINT,
    MANAGED_FIREWALL,
    *REGISTRY.values(),
    CONFIGURATION,
    CONFIGURATION_REPLICA,
    HARDWARE_KEY,
    NAT_GATEWAY,
    PUBLIC_ADDRESS,
    DEFENDER,
    ENCRYPTION_KEY,
    INTERFACE_ENDPOINT,
)

# Blobs, files, vault and registry: the service makes these itself as soon as the workspace has a managed network.
_MADE_BY_THE_SERVICE = 4

Inputs = Mapping[str, Any]
Charges = tuple[Charge, ...]


def _managed_network(inputs: Inputs) -> Charges:
    network = inputs.get("managedNetwork") or {}
    if network.get("isolationMode", "Disabled") == "Disabled":
        return ()
    kinds = [rule["type"] for rule in network.get("outboundRules", {}).values()]
    endpoints = Charge(MANAGED_ENDPOINT, _MADE_BY_THE_SERVICE + kinds.count("PrivateEndpoint"))
    return (endpoints, Charge(MANAGED_FIREWALL)) if "FQDN" in kinds else (endpoints,)


def _registry(inputs: Inputs) -> Charges:
    return (Charge(REGISTRY[inputs["sku"]["name"]]),)


def _configuration(inputs: Inputs) -> Charges:
    return () if inputs["sku"]["name"] == "free" else (Charge(CONFIGURATION),)


def _vault_key(inputs: Inputs) -> Charges:
    return (Charge(HARDWARE_KEY),) if inputs["properties"]["kty"].endswith("-HSM") else ()


def _vpc_endpoint(inputs: Inputs) -> Charges:
    # A gateway, the other kind of endpoint, is free.
    interface = inputs.get("vpcEndpointType") == "Interface"
    return (Charge(INTERFACE_ENDPOINT, len(inputs["subnetIds"])),) if interface else ()


def _each(price: UnitPrice) -> Callable[[Inputs], Charges]:
    return lambda _: (Charge(price),)


_STANDING: Final[Mapping[str, Callable[[Inputs], Charges]]] = {
    f"{_AZURE}network:PrivateEndpoint": _each(PRIVATE_ENDPOINT),
    f"{_AZURE}privatedns:PrivateZone": _each(PRIVATE_ZONE),
    f"{_AZURE}machinelearningservices:Workspace": _managed_network,
    f"{_AZURE}containerregistry:Registry": _registry,
    f"{_AZURE}appconfiguration:ConfigurationStore": _configuration,
    f"{_AZURE}appconfiguration:Replica": _each(CONFIGURATION_REPLICA),
    f"{_AZURE}keyvault:Key": _vault_key,
    f"{_AZURE}network:NatGateway": _each(NAT_GATEWAY),
    f"{_AZURE}network:PublicIPAddress": _each(PUBLIC_ADDRESS),
    f"{_AZURE}security:DefenderForStorage": _each(DEFENDER),
    "aws:kms/key:Key": _each(ENCRYPTION_KEY),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
}

_BY_USE: Final[Mapping[str, str]] = {
    f"{_AZURE}operationalinsights:Workspace": "logs by the GB",
    f"{_AZURE}applicationinsights:Component": "telemetry by the GB",
    f"{_AZURE}storage:StorageAccount": "data by the GB and request",
    f"{_AZURE}keyvault:Vault": "requests to vaults",
    f"{_AZURE}network:FlowLog": "flow logs by the GB",
    f"{_AZURE}network:NatGateway": "traffic of the NAT gateway by the GB",
    f"{_AZURE}network:PrivateEndpoint": "traffic of private endpoints by the GB",
    f"{_AZURE}machinelearningservices:Compute": "hours of cluster nodes",
    f"{_AZURE}machinelearningservices:OnlineDeployment": "hours of the instances that answer",
    f"{_AZURE}security:DefenderForStorage": "scans for malware by the GB",
    "aws:s3/bucket:Bucket": "objects by the GB and request",
    "aws:sagemaker/pipeline:Pipeline": "hours of job instances",
    "aws:cloudwatch/logGroup:LogGroup": "logs by the GB",
    "aws:ec2/flowLog:FlowLog": "flow logs by the GB",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "traffic of interface endpoints by the GB",
    "aws:kms/key:Key": "requests to KMS",
}

# Beginnings of the tokens of what costs nothing by itself.
_FREE: Final = (
    "azuread:",
    "aws:iam/",
    "aws:cloudwatch/event",
    "aws:s3/bucket",
    "aws:vpc/",
    *(f"aws:ec2/{kind}:" for kind in ("vpc", "subnet", "routeTable", "routeTableAssociation")),
    *(f"aws:ec2/{kind}:" for kind in ("securityGroup", "defaultSecurityGroup", "vpcEndpointPolicy")),
    "aws:kms/alias:",
    "aws:sagemaker/modelPackageGroup:",
    f"{_AZURE}authorization:",
    f"{_AZURE}appconfiguration:KeyValue",
    f"{_AZURE}keyvault:Secret",
    f"{_AZURE}machinelearningservices:",
    f"{_AZURE}managedidentity:",
    f"{_AZURE}monitor:DiagnosticSetting",
    *(f"{_AZURE}network:{kind}" for kind in ("NetworkSecurityGroup", "NetworkWatcher", "PrivateDnsZoneGroup")),
    *(f"{_AZURE}network:{kind}" for kind in ("ServiceEndpointPolicy", "Subnet", "VirtualNetwork")),
    f"{_AZURE}privatedns:VirtualNetworkLink",
    f"{_AZURE}resources:",
    f"{_AZURE}storage:",
    # Components are made of the other resources.
    "mlplatform:",
)


def charges(resource: Declared) -> Charges:
    """Return what the resource costs whether it is used or not. Raises UnpricedTypeError."""
    if resource.type in _STANDING:
        return _STANDING[resource.type](resource.inputs)
    if resource.type not in _BY_USE and not resource.type.startswith(_FREE):
        raise UnpricedTypeError(type=resource.type)
    return ()


def by_use(resource: Declared) -> str | None:
    """Return what the resource costs only as far as it is used, if anything."""
    return _BY_USE.get(resource.type)
