"""Azure roles by name: the built-in ones, and the platform's own.

The GUIDs are those of Microsoft's "Azure built-in roles" reference.
"""

import dataclasses
import uuid
from typing import Final

from shared.environment import Environment


@dataclasses.dataclass(frozen=True)
class AzureRole:
    """One role. name: for logical names of resources; guid: of its definition."""

    name: str
    guid: str

    def definition_id(self, environment: Environment) -> str:
        """Return the ARM id of the definition in the environment's subscription."""
        definitions = "providers/Microsoft.Authorization/roleDefinitions"
        return f"/subscriptions/{environment.azure.subscription_id}/{definitions}/{self.guid}"


CONTRIBUTOR: Final = AzureRole("contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c")
READER: Final = AzureRole("reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7")
RBAC_ADMINISTRATOR: Final = AzureRole("rbac-administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168")
USER_ACCESS_ADMINISTRATOR: Final = AzureRole("user-access-administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9")
NETWORK_CONNECTION_APPROVER: Final = AzureRole("network-connection-approver", "b556d68e-0be0-4f35-a333-ad7ee1ce17ea")

KEY_VAULT_ADMINISTRATOR: Final = AzureRole("key-vault-administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483")
KEY_VAULT_SECRETS_USER: Final = AzureRole("key-vault-secrets-user", "4633458b-17de-408a-b874-0445c86b69e6")
KEY_VAULT_SECRETS_OFFICER: Final = AzureRole("key-vault-secrets-officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7")
KEY_VAULT_ENCRYPTION_USER: Final = AzureRole("key-vault-encryption-user", "e147488a-f6f5-4113-8e2d-b22465e65bf6")

BLOB_DATA_CONTRIBUTOR: Final = AzureRole("blob-data-contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe")
BLOB_DATA_READER: Final = AzureRole("blob-data-reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
FILE_DATA_CONTRIBUTOR: Final = AzureRole("file-data-contributor", "69566ab7-960f-475b-8e7c-b3118f30c6bd")

REGISTRY_PULL: Final = AzureRole("registry-pull", "7f951dda-4ed3-4680-a7ca-43fe172d538d")
REGISTRY_PUSH: Final = AzureRole("registry-push", "8311e382-0749-4cb8-b61a-304f252e45ec")

ML_DATA_SCIENTIST: Final = AzureRole("ml-data-scientist", "f6c7c914-8db3-469d-8ca1-694a8f32e121")
ML_COMPUTE_OPERATOR: Final = AzureRole("ml-compute-operator", "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815")
ML_METRICS_WRITER: Final = AzureRole("ml-metrics-writer", "635dd51f-9968-44d3-b7fb-6d9a6bd613ae")
ML_CONNECTION_SECRETS_READER: Final = AzureRole("ml-connection-secrets-reader", "ea01e6af-a1c1-4350-9563-ad00f8c72ec5")

CONFIGURATION_DATA_READER: Final = AzureRole("configuration-data-reader", "516239f1-63e1-4d78-a4de-a74fb236a071")
DEFENDER_SCANNER_OPERATOR: Final = AzureRole("defender-scanner-operator", "0f641de8-0b88-4198-bdef-bd8b45ceba96")

CONFIGURATION_DATA_OWNER: Final = AzureRole("configuration-data-owner", "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b")


def endpoint_scorer(environment: Environment) -> AzureRole:
    """Return the platform's own role that may call online endpoints and nothing else. `identity` defines it."""
    return _own_role(environment, "endpoint-scorer")


def lock_keeper(environment: Environment) -> AzureRole:
    """Return the platform's own role that may set management locks. `identity` defines it where locks are used."""
    return _own_role(environment, "lock-keeper")


def platform_deployer(environment: Environment) -> AzureRole:
    """Return the platform's own role of the login that deploys `identity`, which defines it."""
    return _own_role(environment, "platform-deployer")


def flow_log_keeper(environment: Environment) -> AzureRole:
    """Return the platform's own role that may change flow logs, which lie in Azure's group. `identity` defines it."""
    return _own_role(environment, "flow-log-keeper")


def _own_role(environment: Environment, name: str) -> AzureRole:
    return AzureRole(name, stable_guid(environment, "role-definition", name))


def stable_guid(environment: Environment, *names: str) -> str:
    """Return a GUID that is the same in every run: of the subscription, the environment, its generation and `names`."""
    facts = (environment.azure.subscription_id, environment.platform, environment.name, environment.generation)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, (*facts, *names)))))


def approver(environment: Environment) -> tuple[AzureRole, ...]:
    """Return the role that lets the ML workspace approve private endpoints of its managed network, where it has one."""
    return () if environment.ml_workspace.isolation_mode == "Disabled" else (NETWORK_CONNECTION_APPROVER,)
