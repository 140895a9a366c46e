"""Keys that other services encrypt with: named by their address, found in the inventory."""

from shared.sandbox.catalog.azure_native.references import at
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Json

_KEY = "azure-native:keyvault:Key"


def find_key(request: Request, uri: str) -> Record | None:
    """Return the key with an address (with or without version), or None."""
    wanted = uri.rstrip("/").lower()
    for record in request.existing.of_type(_KEY):
        known = (str(record.outputs.get(key)).lower() for key in ("keyUri", "keyUriWithVersion"))
        if wanted in known:
            return record
    return None


def current_version(request: Request, uri: str) -> str:
    """Return the address with version of the key with an address; the address itself where there is no such key."""
    key = find_key(request, uri)
    return str(key.outputs.get("keyUriWithVersion")) if key else uri


def check_key(request: Request, uri: str, identity_id: Json) -> None:
    """Raise CloudError where the key does not exist, its vault has no soft delete, or `identity_id` is missing.

    Azure also refuses keys of vaults without purge protection ("Customer-managed keys for Azure Storage encryption").
    This cloud does not: the sandbox's vaults stay purgeable so that it can be thrown away, and the environment files
    demand protection wherever it is real.
    """
    key = find_key(request, uri)
    if key is None:
        raise CloudError("KeyVaultAuthenticationFailure", f"The key {uri} was not found.")
    vault = request.existing.find(key.id.rpartition("/keys/")[0])
    if vault is None or at(vault.outputs, "properties.enableSoftDelete") is not True:
        raise CloudError("KeyVaultPolicyError", f"The vault of the key {uri} needs soft delete enabled.")
    if not identity_id:
        raise CloudError("InvalidEncryptionIdentity", f"An identity is needed to reach the key {uri}.")
