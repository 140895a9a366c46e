"""What an argument of azure-native is called in a template.

The SDK flattens `properties` and renames some of what is in it; a check that looks for the ARM name of a renamed
property silently finds nothing. Renames inside of properties hold wherever the name occurs.
"""

from collections.abc import Mapping

from shared.policy.json_value import Json, is_list, is_mapping

# Spelled as the storage service's own schema does, in small letters: "Microsoft.Storage storageAccounts".
_INNER_NAMES: Mapping[str, Mapping[str, str]] = {
    "Microsoft.KeyVault/vaults/keys": {"expires": "exp", "notBefore": "nbf"},
    "Microsoft.KeyVault/vaults/secrets": {"expires": "exp", "notBefore": "nbf"},
    "Microsoft.Storage/storageAccounts": {
        "encryptionIdentity": "identity",
        "encryptionUserAssignedIdentity": "userAssignedIdentity",
        "iPAddressOrRange": "value",
        "keyName": "keyname",
        "keyVaultProperties": "keyvaultproperties",
        "keyVaultUri": "keyvaulturi",
        "keyVersion": "keyversion",
        "virtualNetworkResourceId": "id",
    },
}
# Lists of resources inside of a resource, of which the SDK flattens the properties too.
_INNER_RESOURCES: Mapping[str, str] = {
    "Microsoft.Network/networkSecurityGroups": "securityRules",
    "Microsoft.Network/privateEndpoints": "privateLinkServiceConnections",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": "privateDnsZoneConfigs",
    "Microsoft.Network/serviceEndpointPolicies": "serviceEndpointPolicyDefinitions",
}
_OWN = ("id", "name", "type")


def arm_value(arm_type: str, value: Json) -> Json:
    """Return an argument's value as a template of `arm_type` has it."""
    return _escaped(_renamed(value, _INNER_NAMES.get(arm_type, {})))


def arm_properties(arm_type: str, properties: Mapping[str, Json]) -> dict[str, Json]:
    """Return the properties of a resource as a template of `arm_type` has them."""
    inner = _INNER_RESOURCES.get(arm_type)
    return {
        name: arm_value(arm_type, [_unflattened(one) for one in value] if name == inner and is_list(value) else value)
        for name, value in properties.items()
    }


def arm_identity(value: Json) -> Json:
    """Return an identity: the SDK takes a list of ids, a template has a map of them."""
    if is_mapping(value) and is_list(ids := value.get("userAssignedIdentities")):
        return {**value, "userAssignedIdentities": {str(one): {} for one in ids}}
    return value


def _unflattened(value: Json) -> Json:
    if not is_mapping(value):
        return value
    own = {name: value[name] for name in _OWN if name in value}
    return {**own, "properties": {name: item for name, item in value.items() if name not in _OWN}}


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if is_mapping(value):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    if is_list(value):
        return [_renamed(item, names) for item in value]
    return value


def _escaped(value: Json) -> Json:
    """Keep text that begins with a bracket from being read as an expression of the template language."""
    if is_mapping(value):
        return {key: _escaped(item) for key, item in value.items()}
    if is_list(value):
        return [_escaped(item) for item in value]
    return f"[{value}" if isinstance(value, str) and value.startswith("[") else value
