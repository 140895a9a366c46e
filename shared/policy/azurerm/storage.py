"""Storage accounts with their blob service, and containers."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block, children, nested, switched
from shared.policy.json_value import Json, at, is_mapping
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block

# Public access of a container, in azurerm's words.
_ACCESS = {"None": "private", "Blob": "blob", "Container": "container"}


def _account(resource: Resource, resources: Sequence[Resource]) -> Iterator[Block]:
    inputs = resource.inputs
    blob_services = children(resource, resources, "azure-native:storage:BlobServiceProperties", "accountName")
    tier, _, replication = str(at(inputs, "sku.name") or "").partition("_")
    values = {
        "name": inputs.get("accountName"),
        "account_kind": inputs.get("kind"),
        "account_tier": tier or None,
        "account_replication_type": replication or None,
        "allow_nested_items_to_be_public": inputs.get("allowBlobPublicAccess"),
        "cross_tenant_replication_enabled": inputs.get("allowCrossTenantReplication"),
        # The name before version 4 of azurerm, which is the one that the rule reads.
        "enable_https_traffic_only": inputs.get("enableHttpsTrafficOnly"),
        "infrastructure_encryption_enabled": at(inputs, "encryption.requireInfrastructureEncryption"),
        "is_hns_enabled": inputs.get("isHnsEnabled"),
        "local_user_enabled": inputs.get("isLocalUserEnabled"),
        "min_tls_version": inputs.get("minimumTlsVersion"),
        "public_network_access_enabled": switched(inputs.get("publicNetworkAccess")),
        "shared_access_key_enabled": inputs.get("allowSharedKeyAccess"),
        "sas_policy": nested(_sas_policy(inputs.get("sasPolicy"))),
        "network_rules": nested(_network_rules(inputs.get("networkRuleSet"))),
        "customer_managed_key": nested(_customer_key(inputs.get("encryption"))),
        "blob_properties": nested(next((_blob_properties(one.inputs) for one in blob_services), None)),
    }
    yield block(resource, "azurerm_storage_account", values)


def _sas_policy(policy: Json) -> dict[str, Json] | None:
    if not is_mapping(policy):
        return None
    return {
        "expiration_period": policy.get("sasExpirationPeriod"),
        "expiration_action": policy.get("expirationAction"),
    }


def _network_rules(rules: Json) -> dict[str, Json] | None:
    if not is_mapping(rules):
        return None
    return {
        "default_action": rules.get("defaultAction"),
        "bypass": [word.strip() for word in str(rules.get("bypass") or "").split(",") if word.strip()] or None,
        "ip_rules": [at(rule, "iPAddressOrRange") for rule in rules.get("ipRules") or []],
        "virtual_network_subnet_ids": [
            at(rule, "virtualNetworkResourceId") for rule in rules.get("virtualNetworkRules") or []
        ],
    }


def _customer_key(encryption: Json) -> dict[str, Json] | None:
    if at(encryption, "keySource") != "Microsoft.Keyvault":
        return None
    vault, name = at(encryption, "keyVaultProperties.keyVaultUri"), at(encryption, "keyVaultProperties.keyName")
    return {
        "key_vault_key_id": f"{vault}keys/{name}" if vault and name else None,
        "user_assigned_identity_id": at(encryption, "encryptionIdentity.encryptionUserAssignedIdentity"),
    }


def _blob_properties(inputs: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "versioning_enabled": inputs.get("isVersioningEnabled"),
        "change_feed_enabled": at(dict(inputs), "changeFeed.enabled"),
        "delete_retention_policy": _retention(inputs.get("deleteRetentionPolicy")),
        "container_delete_retention_policy": _retention(inputs.get("containerDeleteRetentionPolicy")),
    }


def _retention(policy: Json) -> list[Json] | None:
    return [{"days": at(policy, "days")}] if at(policy, "enabled") is True else None


def _container(resource: Resource, resources: Sequence[Resource]) -> Iterator[Block]:
    access = resource.inputs.get("publicAccess")
    accounts = (one for one in resources if one.type == "azure-native:storage:StorageAccount")
    name = resource.inputs.get("accountName")
    values = {
        "name": resource.inputs.get("containerName"),
        "container_access_type": _ACCESS.get(str(access), access),
        "storage_account_id": next((one.id for one in accounts if one.inputs.get("accountName") == name), None),
    }
    yield block(resource, "azurerm_storage_container", values)


WRITERS: Mapping[str, Writer] = {
    "azure-native:storage:BlobContainer": _container,
    "azure-native:storage:StorageAccount": _account,
}
