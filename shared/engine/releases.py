"""Which engines are used: the supported range and the two pinned versions."""

import importlib.metadata
from pathlib import Path

from semver import Version

MODULE = Path(__file__).parent / "module"
"""Folder of the pinned Go modules (go.mod, go.sum) and of the pinned Go toolchain (go-toolchain.txt)."""

BUILT = Version.parse("3.259.0")
"""The engine that is built from Go modules: the version of `github.com/pulumi/pulumi/pkg/v3` in module/go.mod."""

SUPPORTED_RANGE = ">=3.259.0, <4"


def released() -> Version:
    """Return the pinned official release: the one that belongs to the installed SDK, as PulumiCommand.install takes."""
    return Version.parse(importlib.metadata.version("pulumi"))


def parse_version(printed: str) -> Version | None:
    """Return the version that `pulumi version` printed, such as v3.259.0; None for anything else."""
    text = printed.strip().removeprefix("v")
    return Version.parse(text) if Version.is_valid(text) else None


def why_unsupported(version: Version) -> str | None:
    """Return why an engine of this version is not used, None where it is."""
    if version < BUILT:
        return f"is {version}, which is too old ({SUPPORTED_RANGE} is supported)"
    if version.major > BUILT.major:
        return f"is {version}, which is too new ({SUPPORTED_RANGE} is supported)"
    if version.prerelease:
        return f"is {version}, which is a pre-release ({SUPPORTED_RANGE} is supported)"
    return None
