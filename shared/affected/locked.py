"""The versions of what a program imports from elsewhere, as the lock has them."""

import re
import sys
from collections.abc import Iterable

LOCK = "requirements/project.txt"
_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)
# Distributions that are not called like what is imported from them.
_CALLED = {"google.protobuf": "protobuf", "grpc": "grpcio", "yaml": "pyyaml"}


def locked_versions(lock: str) -> dict[str, str]:
    """Return the versions by distribution; several, where markers choose between them."""
    found: dict[str, set[str]] = {}
    for line in _PINNED.finditer(lock):
        found.setdefault(_normal(line["name"]), set()).add(line["version"])
    return {name: " or ".join(sorted(versions)) for name, versions in found.items()}


def versions_of(imported: Iterable[str], locked: dict[str, str]) -> dict[str, str]:
    """Return the versions of the distributions that dotted names are imported from, as far as they are locked."""
    outside = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    found = {_distribution(name, locked) for name in outside}
    return {name: locked[name] for name in sorted(found & locked.keys())}


def _distribution(name: str, locked: dict[str, str]) -> str:
    parts = name.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    called = next((_CALLED[prefix] for prefix in prefixes if prefix in _CALLED), "")
    # pulumi_aws.iam comes from pulumi-aws, ruamel.yaml.error from ruamel.yaml.
    return called or next((_normal(prefix) for prefix in prefixes if _normal(prefix) in locked), _normal(parts[0]))


def _normal(name: str) -> str:
    """Return the normal form of a distribution's name (Python Packaging User Guide, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()
