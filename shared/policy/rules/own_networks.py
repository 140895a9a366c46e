"""Which addresses are ours, and which anybody has."""

import ipaddress

_OURS = tuple(
    ipaddress.ip_network(text)
    # RFC 1918, RFC 6598 and RFC 4193.
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


def is_public(prefix: str) -> bool:
    """Tell whether a network holds addresses of the internet; a text that is no network holds none."""
    try:
        network = ipaddress.ip_network(prefix, strict=False)
    except ValueError:
        return False
    return not any(_holds(ours, network) for ours in _OURS)


def _holds(
    ours: ipaddress.IPv4Network | ipaddress.IPv6Network, network: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    if ours.version != network.version:
        return False
    return int(ours.network_address) <= int(network.network_address) and int(network.broadcast_address) <= int(
        ours.broadcast_address
    )
