"""Regions that Azure replicates to each other (Microsoft's "Azure region pairs")."""

_PAIRS = (
    ("centralus", "eastus2"),
    ("eastus", "westus"),
    ("francecentral", "francesouth"),
    ("germanywestcentral", "germanynorth"),
    ("northcentralus", "southcentralus"),
    ("northeurope", "westeurope"),
    ("norwayeast", "norwaywest"),
    ("swedencentral", "swedensouth"),
    ("switzerlandnorth", "switzerlandwest"),
    ("uksouth", "ukwest"),
    ("westcentralus", "westus2"),
)

PAIRED_REGIONS = {**dict(_PAIRS), **{second: first for first, second in _PAIRS}}
"""The region that holds the second copy, by the region of the first."""
