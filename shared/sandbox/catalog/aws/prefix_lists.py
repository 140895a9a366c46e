"""The prefix lists that AWS keeps of its own services: what a rule names to admit S3."""

import hashlib

_SERVICES = ("s3", "dynamodb")


def prefix_lists(region: str) -> dict[str, str]:
    """Return the ids of the AWS-managed prefix lists of a region, by service name (com.amazonaws.<region>.s3)."""
    names = [f"com.amazonaws.{region}.{service}" for service in _SERVICES]
    return {name: f"pl-{hashlib.sha256(name.encode()).hexdigest()[:8]}" for name in names}


def prefix_list_ranges(region: str, service: str) -> list[str]:
    """Return the address ranges in the prefix list of a service: networks for documentation (RFC 5737)."""
    return ["192.0.2.0/24", "198.51.100.0/24"] if service in prefix_lists(region) else []
