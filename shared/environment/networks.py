"""Which networks fit into which."""

import ipaddress
from collections.abc import Mapping

from shared.environment.section import broken


def check_subnets(parent_key: str, parent: str, subnets: Mapping[str, str]) -> None:
    """Check that `subnets` (by dotted key) lie inside `parent` and apart. Raises PydanticCustomError."""
    whole = ipaddress.IPv4Network(parent)
    seen: dict[str, ipaddress.IPv4Network] = {}
    for key, cidr in subnets.items():
        subnet = ipaddress.IPv4Network(cidr)
        if not subnet.subnet_of(whole):
            raise broken(key, f"{cidr} lies outside {parent_key} {parent}", f"use a part of {parent}")
        for other, known in seen.items():
            if subnet.overlaps(known):
                raise broken(key, f"{cidr} overlaps {other} {known}", "give each subnet addresses of its own")
        seen[key] = subnet


def check_apart(key: str, cidr: str, other: str, owner: str) -> None:
    """Check that the network `cidr` of `key` does not overlap `other`. Raises PydanticCustomError."""
    if ipaddress.IPv4Network(cidr).overlaps(ipaddress.IPv4Network(other)):
        raise broken(key, f"{cidr} overlaps {other}, which {owner} use", "use another private range")


def check_prefix(key: str, cidr: str, *, shortest: int, longest: int) -> None:
    """Check that `cidr` has a prefix of `shortest` to `longest` bits. Raises PydanticCustomError."""
    length = ipaddress.IPv4Network(cidr).prefixlen
    if not shortest <= length <= longest:
        raise broken(key, f"{cidr} has a prefix of {length} bits", f"use one of {shortest} to {longest} bits")
