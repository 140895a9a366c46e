"""Microsoft.AppConfiguration: stores, their replicas and their key-values."""

import re
from urllib.parse import unquote

from shared.sandbox.catalog.azure_native.arm import arm, globally
from shared.sandbox.catalog.azure_native.computed import created_text, etag, location
from shared.sandbox.catalog.azure_native.references import at, before, parent_id
from shared.sandbox.catalog.azure_native.vault_keys import check_key
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Properties

_STORE = "Microsoft.AppConfiguration/configurationStores/{configStoreName}"
_REPLICA = "azure-native:appconfiguration:Replica"
_SKUS = ("free", "developer", "standard", "premium")
_PRODUCTION = ("standard", "premium")
_MOST_DAYS = 7


def _check_store(request: Request) -> None:
    sku = str(at(request.inputs, "sku.name")).lower()
    if sku not in _SKUS:
        raise CloudError("InvalidSku", f"sku.name is one of {', '.join(_SKUS)}, not '{sku}'.")
    _check_soft_delete(request, sku)
    key = at(request.inputs, "encryption.keyVaultProperties.keyIdentifier")
    if key:
        check_key(request, str(key), at(request.inputs, "encryption.keyVaultProperties.identityClientId"))
    old = before(request)
    _check_tier(old, sku)
    _check_retention(request, old)
    if old and old.inputs.get("enablePurgeProtection") and not request.inputs.get("enablePurgeProtection"):
        raise CloudError("PurgeProtectionCannotBeDisabled", "Purge protection of a store cannot be turned off.")


def _check_tier(old: Record | None, sku: str) -> None:
    """Raise CloudError where a store of a production tier would become smaller ("Azure App Configuration FAQ")."""
    was = str(at(old.inputs, "sku.name")).lower() if old else sku
    if was in _PRODUCTION and sku not in _PRODUCTION:
        raise CloudError("SkuDowngradeNotSupported", f"A store of the {was} tier cannot become one of the {sku} tier.")


def _check_retention(request: Request, old: Record | None) -> None:
    """Raise CloudError where the days would change ("Soft delete"): only a store that had none gets some."""
    was = old.outputs.get("softDeleteRetentionInDays") if old else None
    if was and request.inputs.get("softDeleteRetentionInDays", was) != was:
        raise CloudError("InvalidParameter", "softDeleteRetentionInDays of a store is decided when it is created.")


def _check_soft_delete(request: Request, sku: str) -> None:
    """Raise CloudError for what only the larger tiers have ("Soft delete" of Azure App Configuration)."""
    days, guarded = request.inputs.get("softDeleteRetentionInDays"), request.inputs.get("enablePurgeProtection")
    if sku not in _PRODUCTION and (guarded is True or days):
        raise CloudError("SkuFeatureNotSupported", f"Soft delete and purge protection are not in the {sku} tier.")
    if isinstance(days, int) and sku in _PRODUCTION and not 1 <= days <= _MOST_DAYS:
        raise CloudError("InvalidParameter", f"softDeleteRetentionInDays must be between 1 and {_MOST_DAYS}.")


def _store_outputs(request: Request) -> Properties:
    has_soft_delete = str(at(request.inputs, "sku.name")).lower() in _PRODUCTION
    return {
        "creationDate": created_text(request),
        "disableLocalAuth": request.inputs.get("disableLocalAuth", False),
        "enablePurgeProtection": request.inputs.get("enablePurgeProtection", False),
        "endpoint": f"https://{request.text('configStoreName').lower()}.azconfig.io",
        "softDeleteRetentionInDays": request.inputs.get("softDeleteRetentionInDays", _MOST_DAYS * has_soft_delete),
    }


def _check_key_value(request: Request) -> None:
    """Raise CloudError where the data plane would refuse the write that goes through ARM.

    "Deployment overview" of Azure App Configuration: without local authentication only the pass-through mode works.
    """
    store = request.existing.find(parent_id(request.id) or "")
    mode = at(store.inputs, "dataPlaneProxy.authenticationMode") if store else None
    if store and store.inputs.get("disableLocalAuth") is True and mode != "Pass-through":
        raise CloudError(
            "LocalAuthDisabled", "Key-values of a store without local authentication need the mode Pass-through."
        )
    private = at(store.inputs, "dataPlaneProxy.privateLinkDelegation") if store else None
    if store and store.inputs.get("publicNetworkAccess") == "Disabled" and private != "Enabled":
        raise CloudError("Forbidden", "Access to the store was denied: it is private and ARM may not reach it.")


def _check_replica(request: Request) -> None:
    store = request.existing.find(parent_id(request.id) or "")
    if store is None:
        return
    sku = str(at(store.inputs, "sku.name")).lower()
    if sku not in _PRODUCTION:
        raise CloudError("SkuFeatureNotSupported", f"Replicas are not in the {sku} tier.")
    others = [record for record in request.existing.of_type(_REPLICA) if parent_id(record.id) == store.id]
    taken = {record.outputs.get("location") for record in (store, *others) if record.id != request.id}
    if location(request) in taken:
        raise CloudError("InvalidParameter", f"The store answers in {location(request)} already.")


def _replica_outputs(request: Request) -> Properties:
    store, name = request.text("configStoreName").lower(), request.text("replicaName").lower()
    return {"endpoint": f"https://{store}-{name}.azconfig.io"}


def _key_value_outputs(request: Request) -> Properties:
    """Return the parts of the name: `key$label`, with `~` and two hex digits for what an ARM name cannot hold."""
    key, _, label = request.text("keyValueName").partition("$")
    return {
        "eTag": etag(request),
        "key": _plain(key),
        "label": _plain(label),
        "lastModified": created_text(request),
        "locked": False,
    }


def _plain(text: str) -> str:
    return unquote(re.sub(r"~([0-9A-Fa-f]{2})", r"%\1", text))


MODELS = (
    arm(
        "appconfiguration:ConfigurationStore",
        _STORE,
        api_version="2024-05-01",
        properties="sku createMode dataPlaneProxy disableLocalAuth enablePurgeProtection encryption identity location"
        " publicNetworkAccess softDeleteRetentionInDays tags",
        required="sku location",
        name=NameRule(
            property="configStoreName",
            pattern=r"(?!.*---)[a-zA-Z0-9][a-zA-Z0-9-]{3,48}[a-zA-Z0-9]",
            code="InvalidResourceName",
        ),
        unique=globally("app configuration", "configStoreName"),
        taken_code="NameUnavailable",
        exists_code="NameUnavailable",
        check=_check_store,
        standard="provisioningState privateEndpointConnections systemData",
        outputs=_store_outputs,
        write_only="createMode",
        replace_on="location",
    ),
    arm(
        "appconfiguration:KeyValue",
        f"{_STORE}/keyValues/{{keyValueName}}",
        api_version="2024-05-01",
        properties="contentType tags value",
        name=NameRule(property="keyValueName", pattern=r"[^/%$?#\\\s]+(\$[^/%$?#\\\s]*)?"),
        check=_check_key_value,
        outputs=_key_value_outputs,
    ),
    arm(
        "appconfiguration:Replica",
        f"{_STORE}/replicas/{{replicaName}}",
        api_version="2024-05-01",
        properties="location",
        name=NameRule(property="replicaName", pattern=r"[a-zA-Z0-9]+"),
        check=_check_replica,
        standard="provisioningState systemData",
        outputs=_replica_outputs,
    ),
)
