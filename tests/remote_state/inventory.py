"""What is in the simulated clouds, whatever the state says."""

import sqlite3

from tests.sandbox.platform_copy import PlatformCopy

BOTH = ["azure-native:managedidentity:UserAssignedIdentity", "azure-native:resources:ResourceGroup"]
"""What the small platform makes."""


def in_the_clouds(platform: PlatformCopy) -> list[str]:
    """Return the tokens of all resources there, sorted."""
    file = platform.state / "inventory.sqlite"
    if not file.exists():
        return []
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        try:
            return sorted(token for (token,) in connection.execute("SELECT token FROM resources"))
        except sqlite3.OperationalError:  # its tables are being made
            return []
