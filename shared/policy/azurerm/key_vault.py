"""Vaults: azurerm_key_vault. Keys and secrets are judged by the template alone, which has every rule for them."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block, nested, switched
from shared.policy.json_value import at, is_mapping
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block


def _vault(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    properties = resource.inputs.get("properties")
    rules = at(properties, "networkAcls")
    values = {
        "name": resource.inputs.get("vaultName"),
        "sku_name": at(properties, "sku.name"),
        "soft_delete_enabled": at(properties, "enableSoftDelete"),
        "soft_delete_retention_days": at(properties, "softDeleteRetentionInDays"),
        "purge_protection_enabled": at(properties, "enablePurgeProtection"),
        "public_network_access_enabled": switched(at(properties, "publicNetworkAccess")),
        "network_acls": nested(_network_acls(rules)) if is_mapping(rules) else None,
    }
    yield block(resource, "azurerm_key_vault", values)


def _network_acls(rules: Mapping[str, object]) -> dict[str, object]:
    return {
        "bypass": rules.get("bypass"),
        "default_action": rules.get("defaultAction"),
        "ip_rules": [at(rule, "value") for rule in _listed(rules.get("ipRules"))],
        "virtual_network_subnet_ids": [at(rule, "id") for rule in _listed(rules.get("virtualNetworkRules"))],
    }


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


WRITERS: Mapping[str, Writer] = {"azure-native:keyvault:Vault": _vault}
