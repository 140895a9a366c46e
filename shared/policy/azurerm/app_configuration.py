"""App Configuration: azurerm_app_configuration."""

from collections.abc import Iterator, Mapping, Sequence

from shared.policy.azurerm.writing import Writer, block, inverted, nested
from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block


def _store(resource: Resource, _: Sequence[Resource]) -> Iterator[Block]:
    inputs = resource.inputs
    key = at(inputs, "encryption.keyVaultProperties.keyIdentifier")
    values = {
        "name": inputs.get("configStoreName"),
        "sku": at(inputs, "sku.name"),
        "local_auth_enabled": inverted(inputs.get("disableLocalAuth")),
        "public_network_access": inputs.get("publicNetworkAccess"),
        "purge_protection_enabled": inputs.get("enablePurgeProtection"),
        "encryption": nested({"key_vault_key_identifier": key}) if key else None,
    }
    yield block(resource, "azurerm_app_configuration", values)


WRITERS: Mapping[str, Writer] = {"azure-native:appconfiguration:ConfigurationStore": _store}
