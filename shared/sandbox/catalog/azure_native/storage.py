"""Microsoft.Storage: accounts, their blob service, containers and life-cycle rules."""

from shared.sandbox.catalog.azure_native.arm import arm, globally
from shared.sandbox.catalog.azure_native.computed import created_text, extended, location, with_defaults
from shared.sandbox.catalog.azure_native.paired_regions import PAIRED_REGIONS
from shared.sandbox.catalog.azure_native.references import at, before, check_type, parent_id
from shared.sandbox.catalog.azure_native.vault_keys import check_key, current_version
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import UNKNOWN, Json, Properties, is_list, is_mapping

_ACCOUNT = "Microsoft.Storage/storageAccounts/{accountName}"
_SERVICES = ("blob", "dfs", "file", "queue", "table")
_CREATE_ONLY = ("encryption.requireInfrastructureEncryption", "immutableStorageWithVersioning")


def _check_account(request: Request) -> None:
    encryption = request.inputs.get("encryption")
    if at(encryption, "keySource") == "Microsoft.Keyvault":
        _check_customer_key(request, encryption)
    old = before(request)
    for path in _CREATE_ONLY if old else ():
        if old and (at(old.inputs, path) or None) != (at(request.inputs, path) or None):
            raise CloudError(
                "AccountPropertyCannotBeUpdated",
                f"The property '{path.rpartition('.')[2]}' was specified in the input, but it cannot be updated as it"
                " is read-only.",
            )
    if str(at(request.inputs, "networkRuleSet.defaultAction")) not in ("None", "Allow", "Deny"):
        raise CloudError("InvalidValuesForRequestParameters", "networkRuleSet.defaultAction is Allow or Deny.")
    for rule in at(request.inputs, "networkRuleSet.virtualNetworkRules") or []:
        _check_admitted_subnet(request, str(at(rule, "virtualNetworkResourceId")))


def _check_admitted_subnet(request: Request, subnet_id: str) -> None:
    check_type(subnet_id, ["Microsoft.Network/virtualNetworks/subnets"], "virtualNetworkResourceId")
    subnet = request.existing.find(subnet_id)
    services = {at(one, "service") for one in (subnet.inputs.get("serviceEndpoints") or [] if subnet else [])}
    if not services & {"Microsoft.Storage", "Microsoft.Storage.Global"}:
        raise CloudError(
            "SubnetsHaveNoServiceEndpointsConfigured",
            f"Subnet {subnet_id} does not have ServiceEndpoints for Microsoft.Storage resources configured.",
        )


def _check_customer_key(request: Request, encryption: Json) -> None:
    uri, key = (at(encryption, f"keyVaultProperties.{name}") for name in ("keyVaultUri", "keyName"))
    if not uri or not key:
        raise CloudError("InvalidValuesForRequestParameters", "Customer-managed keys need keyVaultUri and keyName.")
    user = at(encryption, "encryptionIdentity.encryptionUserAssignedIdentity")
    assigned = at(request.inputs, "identity.userAssignedIdentities") or []
    if user and str(user).lower() not in {str(one).lower() for one in assigned}:
        raise CloudError("InvalidEncryptionIdentity", f"The identity {user} is not assigned to the account.")
    check_key(request, f"{str(uri).rstrip('/')}/keys/{key}", user)


def _account_outputs(request: Request) -> Properties:
    when, place = created_text(request), location(request)
    return {
        **_replication(request, place),
        "accessTier": request.text("accessTier", "Hot"),
        "accountMigrationInProgress": False,
        "allowBlobPublicAccess": request.inputs.get("allowBlobPublicAccess", False),
        "creationTime": when,
        "enableHttpsTrafficOnly": request.inputs.get("enableHttpsTrafficOnly", True),
        "encryption": _encryption(request, when),
        "failoverInProgress": False,
        "isSkuConversionBlocked": False,
        "keyCreationTime": {"key1": when, "key2": when},
        "keyPolicy": request.inputs.get("keyPolicy"),
        "minimumTlsVersion": request.text("minimumTlsVersion", "TLS1_0"),
        "networkRuleSet": _network_rules(request),
        "primaryEndpoints": _endpoints(request.text("accountName")),
        "primaryLocation": place,
        "sasPolicy": request.inputs.get("sasPolicy"),
        "sku": extended(request.inputs.get("sku"), tier=str(at(request.inputs, "sku.name")).partition("_")[0]),
        "statusOfPrimary": "available",
    }


def _endpoints(host: str) -> Properties:
    """Return the service addresses; the zone of the static website differs between accounts and regions."""
    return {
        **{service: f"https://{host}.{service}.core.windows.net/" for service in _SERVICES},
        "web": f"https://{host}.z6.web.core.windows.net/",
    }


def _replication(request: Request, place: str) -> Properties:
    """Return what only accounts with a second region have."""
    sku = at(request.inputs, "sku.name")
    if sku is None:
        return {"secondaryLocation": UNKNOWN, "statusOfSecondary": UNKNOWN}
    if "GRS" not in sku and "GZRS" not in sku:
        return {}
    readable = {"secondaryEndpoints": _endpoints(f"{request.text('accountName')}-secondary")} if "_RA" in sku else {}
    return {
        **readable,
        "secondaryLocation": PAIRED_REGIONS.get(place, UNKNOWN if place == UNKNOWN else None),
        "statusOfSecondary": "available",
    }


def _network_rules(request: Request) -> Json:
    rules = with_defaults(request.inputs.get("networkRuleSet"), bypass="AzureServices", defaultAction="Allow")
    if not is_mapping(rules):
        return rules
    subnets = rules.get("virtualNetworkRules", [])
    if is_list(subnets):
        subnets = [with_defaults(one, action="Allow", state="Succeeded") for one in subnets]
    return {"ipRules": [], **rules, "virtualNetworkRules": subnets}


def _encryption(request: Request, when: str) -> Json:
    said = with_defaults(request.inputs.get("encryption"), keySource="Microsoft.Storage")
    if not is_mapping(said):
        return said
    service = {"enabled": True, "keyType": "Account", "lastEnabledTime": when}
    key = said.get("keyVaultProperties")
    shown = {**said, "services": {"blob": service, "file": service, **_services(said.get("services"), when)}}
    if is_mapping(key):
        uri = f"{str(key.get('keyVaultUri')).rstrip('/')}/keys/{key.get('keyName')}"
        shown["keyVaultProperties"] = {
            **key,
            "currentVersionedKeyExpirationTimestamp": "1970-01-01T00:00:00Z",
            "currentVersionedKeyIdentifier": current_version(request, uri),
            "lastKeyRotationTimestamp": when,
        }
    return shown


def _services(said: Json, when: str) -> Properties:
    known = said if is_mapping(said) else {}
    return {name: extended(with_defaults(one, keyType="Account"), lastEnabledTime=when) for name, one in known.items()}


def _blob_service_outputs(request: Request) -> Properties:
    account = request.existing.find(parent_id(request.id) or "")
    off = {"enabled": False, "allowPermanentDelete": False}
    return {
        "containerDeleteRetentionPolicy": with_defaults(request.inputs.get("containerDeleteRetentionPolicy"), **off),
        "cors": with_defaults(request.inputs.get("cors"), corsRules=[]),
        "deleteRetentionPolicy": with_defaults(request.inputs.get("deleteRetentionPolicy"), **off),
        "sku": account.outputs.get("sku") if account else UNKNOWN,
    }


def _check_container(request: Request) -> None:
    account = request.existing.find((parent_id(request.id) or "").rpartition("/blobServices/")[0])
    public = request.text("publicAccess", "None")
    if account and public != "None" and not account.outputs.get("allowBlobPublicAccess"):
        raise CloudError("PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
    old = before(request)
    if old and at(old.inputs, "defaultEncryptionScope") != at(request.inputs, "defaultEncryptionScope"):
        raise CloudError("ContainerPropertyCannotBeUpdated", "defaultEncryptionScope is fixed at creation.")


def _container_outputs(request: Request) -> Properties:
    return {
        "defaultEncryptionScope": request.text("defaultEncryptionScope", "$account-encryption-key"),
        "deleted": False,
        "denyEncryptionScopeOverride": request.inputs.get("denyEncryptionScopeOverride", False),
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "lastModifiedTime": created_text(request),
        "leaseState": "Available",
        "leaseStatus": "Unlocked",
        "legalHold": {"hasLegalHold": False, "tags": []},
        "publicAccess": request.text("publicAccess", "None"),
        "remainingRetentionDays": 0,
    }


def _check_policy(request: Request) -> None:
    rules = at(request.inputs, "policy.rules") or []
    names = [at(rule, "name") for rule in rules]
    if not rules or len(names) != len(set(names)):
        raise CloudError("InvalidRequestPropertyValue", "policy.rules has rules with names that differ.")


MODELS = (
    arm(
        "storage:StorageAccount",
        _ACCOUNT,
        api_version="2024-01-01",
        properties="kind sku accessTier allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess"
        " allowedCopyScope azureFilesIdentityBasedAuthentication customDomain defaultToOAuthAuthentication"
        " dnsEndpointType enableExtendedGroups enableHttpsTrafficOnly enableNfsV3 encryption extendedLocation identity"
        " immutableStorageWithVersioning isHnsEnabled isLocalUserEnabled isSftpEnabled keyPolicy largeFileSharesState"
        " location minimumTlsVersion networkRuleSet publicNetworkAccess routingPreference sasPolicy tags",
        required="kind sku location",
        name=NameRule(property="accountName", pattern=r"[a-z0-9]{3,24}", code="AccountNameInvalid"),
        unique=globally("storage account", "accountName"),
        taken_code="StorageAccountAlreadyTaken",
        exists_code="StorageAccountAlreadyExists",
        check=_check_account,
        standard="provisioningState privateEndpointConnections",
        outputs=_account_outputs,
        replace_on="isHnsEnabled location",
    ),
    arm(
        "storage:BlobServiceProperties",
        f"{_ACCOUNT}/blobServices/{{blobServicesName}}",
        api_version="2024-01-01",
        properties="automaticSnapshotPolicyEnabled changeFeed containerDeleteRetentionPolicy cors defaultServiceVersion"
        " deleteRetentionPolicy isVersioningEnabled lastAccessTimeTrackingPolicy restorePolicy",
        name=NameRule(property="blobServicesName", pattern="default"),
        outputs=_blob_service_outputs,
    ),
    arm(
        "storage:BlobContainer",
        f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}",
        api_version="2024-01-01",
        properties="defaultEncryptionScope denyEncryptionScopeOverride enableNfsV3AllSquash enableNfsV3RootSquash"
        " immutableStorageWithVersioning metadata publicAccess",
        name=NameRule(property="containerName", pattern=r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]|\$(root|web|logs)"),
        exists_code="ContainerAlreadyExists",
        check=_check_container,
        standard="etag",
        outputs=_container_outputs,
    ),
    arm(
        "storage:ManagementPolicy",
        f"{_ACCOUNT}/managementPolicies/{{managementPolicyName}}",
        api_version="2024-01-01",
        properties="policy",
        required="policy",
        name=NameRule(property="managementPolicyName", pattern="default"),
        check=_check_policy,
        outputs=lambda request: {"lastModifiedTime": created_text(request)},
    ),
)
