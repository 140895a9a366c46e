"""What may flow in and out of the subnets.

The service tags are those of Microsoft's "Configure inbound and outbound network traffic" for Azure Machine Learning.
"""

from pulumi_azure_native import network

from shared.environment import Environment

_HTTPS = "443"
_SERVICES = (
    "AzureActiveDirectory",
    "AzureMachineLearning",
    "AzureResourceManager",
    "AzureFrontDoor.FirstParty",
    "MicrosoftContainerRegistry",
    "AzureMonitor",
    "VirtualNetwork",
)


def training_rules(env: Environment) -> list[network.SecurityRuleArgs]:
    """Return the rules of the training subnet: out to the named services over HTTPS only, nothing in from outside."""
    services = [*_SERVICES, f"BatchNodeManagement.{env.azure.location}"]
    if not env.private_endpoints:
        services.append(f"Storage.{env.azure.location}")
    allowed = [
        _rule(f"allow-{service.lower().replace('.', '-')}", 100 + 10 * position, "Outbound", "Allow", to=service)
        for position, service in enumerate(services)
    ]
    return [*allowed, _rule("deny-internet-out", 4000, "Outbound", "Deny", to="Internet"), _nothing_from_outside()]


def endpoint_rules() -> list[network.SecurityRuleArgs]:
    """Return the rules of the private endpoints' subnet: our network over HTTPS, nothing else from outside."""
    return [
        _rule("allow-network-in", 100, "Inbound", "Allow", source="VirtualNetwork", to="VirtualNetwork"),
        _nothing_from_outside(),
    ]


def _nothing_from_outside() -> network.SecurityRuleArgs:
    return _rule("deny-internet-in", 4000, "Inbound", "Deny", source="Internet", to="*")


def _rule(
    name: str, priority: int, direction: str, access: str, *, to: str, source: str = "*"
) -> network.SecurityRuleArgs:
    allowed = access == "Allow"
    return network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        protocol="Tcp" if allowed else "*",
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix=to,
        destination_port_range=_HTTPS if allowed else "*",
    )
