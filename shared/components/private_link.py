"""Private link groups of the services in use, and the private DNS zones in which their names are.

Microsoft's "Azure private endpoint private DNS zone values".
"""

from typing import Final, Literal

Group = Literal["blob", "file", "vault", "amlworkspace", "registry", "configurationStores"]

PRIVATE_ZONES: Final[dict[Group, tuple[str, ...]]] = {
    "blob": ("privatelink.blob.core.windows.net",),
    "file": ("privatelink.file.core.windows.net",),
    "vault": ("privatelink.vaultcore.azure.net",),
    "amlworkspace": ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"),
    "registry": ("privatelink.azurecr.io",),
    "configurationStores": ("privatelink.azconfig.io",),
}
