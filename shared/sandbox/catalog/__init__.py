"""What the simulated clouds can do: one catalog per provider."""

from shared.sandbox.catalog.aws import AWS
from shared.sandbox.catalog.azure_native import AZURE_NATIVE
from shared.sandbox.catalog.azuread import AZUREAD

CATALOGS = (AWS, AZURE_NATIVE, AZUREAD)
