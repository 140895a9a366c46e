"""What may flow in and out of the subnets.

The service tags and ports are those of Microsoft's "Configure inbound and outbound network traffic" for Azure Machine
Learning and, for compute in our subnet, of its "Secure an Azure Machine Learning training environment with virtual
networks".
"""

import dataclasses

from pulumi_azure_native import network

from shared.components.compute_placement import compute_has_public_address, compute_in_our_subnet
from shared.environment import Environment

_HTTPS = ("443",)
_SERVICES = (
    "AzureActiveDirectory",
    "AzureMachineLearning",
    "AzureResourceManager",
    "AzureFrontDoor.FirstParty",
    "MicrosoftContainerRegistry",
    "AzureMonitor",
    "VirtualNetwork",
)


@dataclasses.dataclass(frozen=True)
class _Flow:
    """Traffic to a service tag. name: of its rule."""

    name: str
    to: str
    ports: tuple[str, ...] = _HTTPS
    protocol: str = "Tcp"


_NOTHING_TO_OUTSIDE = _Flow("deny-internet-out", "Internet", ("*",), "*")


def training_rules(env: Environment) -> list[network.SecurityRuleArgs]:
    """Return the rules of the training subnet: out to the named services only, nothing in from outside.

    Where nodes have public addresses, Azure Machine Learning comes in to start them.
    """
    out = [_rule(flow, 100 + 10 * position, "Outbound") for position, flow in enumerate((*_https(env), *_compute(env)))]
    return [*out, _rule(_NOTHING_TO_OUTSIDE, 4000, "Outbound", access="Deny"), *_start_nodes(env), _no_internet()]


def endpoint_rules() -> list[network.SecurityRuleArgs]:
    """Return the rules of the private endpoints' subnet: our network over HTTPS, nothing else from outside."""
    ours = _Flow("allow-network-in", "VirtualNetwork")
    return [_rule(ours, 100, "Inbound", source="VirtualNetwork"), _no_internet()]


def runner_rules() -> list[network.SecurityRuleArgs]:
    """Return the rules of the runners' subnet: out over HTTPS, nothing in.

    GitHub has no service tag, so the destination is the internet; name resolution needs no rule.
    """
    out = [_Flow("allow-network", "VirtualNetwork"), _Flow("allow-https", "Internet")]
    return [
        *(_rule(flow, 100 + 10 * position, "Outbound") for position, flow in enumerate(out)),
        _rule(_NOTHING_TO_OUTSIDE, 4000, "Outbound", access="Deny"),
        _rule(_Flow("deny-in", "*", ("*",), "*"), 4000, "Inbound", access="Deny"),
    ]


def _https(env: Environment) -> list[_Flow]:
    # Nodes get what they start with from Microsoft's accounts; endpoint_policy says which accounts that opens.
    needed = compute_in_our_subnet(env) or not env.private_endpoints
    storage = (f"Storage.{env.azure.location}",) if needed else ()
    services = (*_SERVICES, f"BatchNodeManagement.{env.azure.location}", *storage)
    return [_Flow(f"allow-{service.lower().replace('.', '-')}", service) for service in services]


def _compute(env: Environment) -> list[_Flow]:
    """Return what nodes need beside HTTPS: control of jobs, Batch over UDP, file shares."""
    if not compute_in_our_subnet(env):
        return []
    return [
        _Flow("allow-jobs", "AzureMachineLearning", ("8787", "18881")),
        _Flow("allow-jobs-udp", "AzureMachineLearning", ("5831",), "Udp"),
        _Flow("allow-batch-udp", f"BatchNodeManagement.{env.azure.location}", _HTTPS, "Udp"),
        _Flow("allow-file-shares", f"Storage.{env.azure.location}", ("445",)),
    ]


def _start_nodes(env: Environment) -> list[network.SecurityRuleArgs]:
    if not compute_has_public_address(env):
        return []
    start = _Flow("allow-node-start", "VirtualNetwork", ("44224",))
    return [_rule(start, 100, "Inbound", source="AzureMachineLearning")]


def _no_internet() -> network.SecurityRuleArgs:
    return _rule(_Flow("deny-internet-in", "*", ("*",), "*"), 4000, "Inbound", access="Deny", source="Internet")


def _rule(
    flow: _Flow, priority: int, direction: str, *, access: str = "Allow", source: str = "*"
) -> network.SecurityRuleArgs:
    # One port is a text, several are a list.
    one = flow.ports[0] if len(flow.ports) == 1 else None
    return network.SecurityRuleArgs(
        name=flow.name,
        priority=priority,
        direction=direction,
        access=access,
        protocol=flow.protocol,
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix=flow.to,
        destination_port_range=one,
        destination_port_ranges=None if one else list(flow.ports),
    )
