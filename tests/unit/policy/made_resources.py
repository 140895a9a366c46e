"""Resources as a state has them, made by hand."""

from typing import Any

from shared.policy.resource import Resource


def made(type_: str, name: str = "one", /, *, id_: str = "", stack: str = "sample", **fields: Any) -> Resource:
    """Return a resource. fields: of Resource."""
    facts: dict[str, Any] = {
        "stack": stack,
        "urn": f"urn:pulumi:prod::{stack}::{type_}::{name}",
        "type": type_,
        "name": name,
        "id": id_ or f"id-of-{name}",
        "inputs": {},
        "outputs": {},
    }
    return Resource(**{**facts, **fields})


def account(name: str = "data", /, **changes: Any) -> Resource:
    """Return a storage account as production has it, with some arguments changed; None takes one away."""
    inputs = {
        "accountName": "stmlpprod1a2b",
        "resourceGroupName": "rg-mlp-prod",
        "location": "westeurope",
        "kind": "StorageV2",
        "sku": {"name": "Standard_GZRS"},
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "enableHttpsTrafficOnly": True,
        "isLocalUserEnabled": False,
        "minimumTlsVersion": "TLS1_2",
        "publicNetworkAccess": "Disabled",
        "networkRuleSet": {"defaultAction": "Deny", "bypass": "AzureServices"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/subscriptions/s/identities/cmk"]},
        "encryption": {
            "keySource": "Microsoft.Keyvault",
            "keyVaultProperties": {"keyName": "cmk", "keyVaultUri": "https://kv.vault.azure.net/"},
            "encryptionIdentity": {"encryptionUserAssignedIdentity": "/subscriptions/s/identities/cmk"},
            "requireInfrastructureEncryption": True,
        },
    }
    return made(
        "azure-native:storage:StorageAccount",
        name,
        id_="/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stmlpprod1a2b",
        inputs={key: value for key, value in {**inputs, **changes}.items() if value is not None},
        outputs={"name": "stmlpprod1a2b", "azureApiVersion": "2024-01-01"},
    )


def vault(name: str = "vault", /, **changes: Any) -> Resource:
    """Return a vault as production has it, with some properties changed."""
    properties = {
        "enableRbacAuthorization": True,
        "enableSoftDelete": True,
        "enablePurgeProtection": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
        "sku": {"family": "A", "name": "premium"},
    }
    return made(
        "azure-native:keyvault:Vault",
        name,
        id_=f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-{name}",
        inputs={"vaultName": f"kv-{name}", "resourceGroupName": "rg", "properties": {**properties, **changes}},
    )
