"""The versions that decide what a plan says: of the engine, Python and the Pulumi SDKs."""

import sys
from collections.abc import Mapping
from importlib import metadata
from typing import Final

SDKS: Final = ("pulumi", "pulumi-aws", "pulumi-azure-native", "pulumi-azuread")
"""The SDKs that programs use. A provider's plugin has its SDK's version."""


def versions(engine_version: str) -> dict[str, str]:
    """Return the versions by name, without importing an SDK. Raises PackageNotFoundError."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"engine": engine_version, "python": python, **{name: metadata.version(name) for name in SDKS}}


def version_differences(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return one clause for each version that is another one, sorted by name."""
    return tuple(
        f"{name} is {now.get(name, 'not there')}, was {was.get(name, 'not there')}"
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    )
