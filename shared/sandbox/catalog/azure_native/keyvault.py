"""Microsoft.KeyVault: vaults, and keys and secrets that are written through Azure Resource Manager."""

from shared.sandbox.catalog.azure_native.arm import arm, globally
from shared.sandbox.catalog.azure_native.computed import created_seconds, digest, extended, with_defaults
from shared.sandbox.catalog.azure_native.references import at, before, parent_id
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import UNKNOWN, Json, Properties, is_mapping

_VAULT = "Microsoft.KeyVault/vaults/{vaultName}"
_ITEM_NAME = r"[a-zA-Z0-9-]{1,127}"
_LEAST_DAYS, _MOST_DAYS = 7, 90
_LIFTED = ("curveName", "keyOps", "keySize", "kty", "releasePolicy", "rotationPolicy")
_RECOVERY = "Recoverable+Purgeable"
_RECOVERY_PROTECTED = "Recoverable"


def _check_vault(request: Request) -> None:
    """Raise CloudError where the service refuses the vault ("Azure Key Vault soft-delete overview")."""
    said = request.inputs.get("properties")
    if at(said, "tenantId") not in (None, request.cloud.tenant_id):
        raise CloudError("BadRequest", f"The tenant {at(said, 'tenantId')} is not the tenant of the subscription.")
    if at(said, "enablePurgeProtection") is False:
        raise CloudError(
            "BadRequest",
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is'
            " an irreversible action.",
        )
    days = at(said, "softDeleteRetentionInDays")
    if isinstance(days, int) and not _LEAST_DAYS <= days <= _MOST_DAYS:
        raise CloudError(
            "BadRequest", f'"softDeleteRetentionInDays" must be between {_LEAST_DAYS} and {_MOST_DAYS}, not {days}.'
        )
    _check_vault_change(request, days)


def _check_vault_change(request: Request, days: Json) -> None:
    old = before(request)
    if old is None:
        return
    old_days = at(old.outputs, "properties.softDeleteRetentionInDays")
    if days is not None and days != old_days:
        raise CloudError(
            "BadRequest", 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
        )
    if at(old.inputs, "properties.enablePurgeProtection") and not at(
        request.inputs, "properties.enablePurgeProtection"
    ):
        raise CloudError("BadRequest", 'The property "enablePurgeProtection" cannot be unset.')


def _vault_outputs(request: Request) -> Properties:
    said = with_defaults(request.inputs.get("properties"), enableSoftDelete=True, softDeleteRetentionInDays=_MOST_DAYS)
    computed = {
        "hsmPoolResourceId": "00000000-0000-0000-0000-000000000000",
        "privateEndpointConnections": [],
        "provisioningState": "Succeeded",
        "vaultUri": f"{_uri(request)}/",
    }
    return {"properties": extended(said, **computed)}


def _uri(request: Request) -> str:
    return f"https://{request.text('vaultName').lower()}.vault.azure.net"


def _check_key(request: Request) -> None:
    vault = request.existing.find(parent_id(request.id) or "")
    standard = vault is not None and str(at(vault.inputs, "properties.sku.name")).lower() == "standard"
    if standard and str(at(request.inputs, "properties.kty")).endswith("-HSM"):
        raise CloudError("BadParameter", "Hardware key operation not allowed on standard vault")
    attributes = at(request.inputs, "properties.attributes") or {}
    _check_dates(attributes, "expires", "notBefore")


def _check_dates(attributes: Json, expires: str, not_before: str) -> None:
    if not is_mapping(attributes):
        return
    for key in (expires, not_before):
        if key in attributes and not isinstance(attributes[key], int):
            raise CloudError("BadParameter", f"attributes.{key} is a number of seconds since 1970.")


def _recovery(request: Request) -> str:
    vault = request.existing.find(parent_id(request.id) or "")
    is_protected = vault is not None and at(vault.inputs, "properties.enablePurgeProtection")
    return _RECOVERY_PROTECTED if is_protected else _RECOVERY


def _place(request: Request) -> Properties:
    """Return what an item has from its vault and from nobody else."""
    vault = request.existing.find(parent_id(request.id) or "")
    return {"location": vault.outputs.get("location") if vault else UNKNOWN, "tags": request.inputs.get("tags") or {}}


def _key_outputs(request: Request) -> Properties:
    """Return the key's outputs: its inputs lie below `properties`, its outputs do not.

    A PUT on a key that exists changes nothing: Azure answers with the key as it is (REST reference, "Keys - Create If
    Not Exist").
    """
    old = before(request)
    if old:
        return old.outputs
    said = request.inputs.get("properties")
    known = said if is_mapping(said) else {}
    uri = f"{_uri(request)}/keys/{request.text('keyName')}"
    when = created_seconds(request)
    rotation = known.get("rotationPolicy")
    plain: Properties = {key: known[key] for key in _LIFTED if key in known}
    if said == UNKNOWN:
        plain = dict.fromkeys(_LIFTED, UNKNOWN)
    if is_mapping(rotation):
        dates = extended(with_defaults(rotation.get("attributes")), created=when, updated=when)
        plain["rotationPolicy"] = extended(rotation, attributes=dates)
    attributes = with_defaults(known.get("attributes"), enabled=True, exportable=False)
    return {
        **plain,
        **_place(request),
        "attributes": extended(attributes, created=when, updated=when, recoveryLevel=_recovery(request)),
        "keyUri": uri,
        "keyUriWithVersion": f"{uri}/{request.hex('version', 32)}",
    }


def _check_secret(request: Request) -> None:
    if at(request.inputs, "properties.value") is None:
        raise CloudError("BadParameter", "A secret needs properties.value.")
    _check_dates(at(request.inputs, "properties.attributes"), "expires", "notBefore")


def _secret_outputs(request: Request) -> Properties:
    """Return the secret's outputs. The service never gives the value back; every new value is a new version."""
    said = request.inputs.get("properties")
    known = said if is_mapping(said) else {}
    shown = {key: value for key, value in known.items() if key != "value"}
    when = created_seconds(request)
    attributes = with_defaults(known.get("attributes"), enabled=True)
    uri = f"{_uri(request)}/secrets/{request.text('secretName')}"
    version = request.hex(f"version/{digest(known.get('value'))}", 32)
    computed = {
        "attributes": extended(attributes, created=when, updated=when),
        "secretUri": uri,
        "secretUriWithVersion": f"{uri}/{version}",
    }
    return {**_place(request), "properties": {**shown, **computed}}


MODELS = (
    arm(
        "keyvault:Vault",
        _VAULT,
        api_version="2024-11-01",
        properties="properties location tags",
        required="properties location",
        name=NameRule(
            property="vaultName",
            pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]",
            code="VaultNameNotValid",
        ),
        unique=globally("vault", "vaultName"),
        taken_code="VaultAlreadyExists",
        exists_code="VaultAlreadyExists",
        check=_check_vault,
        standard="systemData",
        outputs=_vault_outputs,
    ),
    arm(
        "keyvault:Key",
        f"{_VAULT}/keys/{{keyName}}",
        api_version="2024-11-01",
        properties="properties tags",
        required="properties",
        name=NameRule(property="keyName", pattern=_ITEM_NAME, code="BadParameter"),
        check=_check_key,
        outputs=_key_outputs,
        write_only="properties",
    ),
    arm(
        "keyvault:Secret",
        f"{_VAULT}/secrets/{{secretName}}",
        api_version="2024-11-01",
        properties="properties tags",
        required="properties",
        name=NameRule(property="secretName", pattern=_ITEM_NAME, code="BadParameter"),
        check=_check_secret,
        outputs=_secret_outputs,
    ),
)
