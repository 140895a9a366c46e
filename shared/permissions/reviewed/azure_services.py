"""What the services' identities and people's groups may do on Azure.

What Azure ML asks for its own identity: Microsoft's "How to use workspace managed network" and "Manage access to Azure
Machine Learning workspaces".
"""

from typing import Final

from shared.permissions.reviewed.model import ReviewedRole

_WORKSPACE: Final = "azure-native:machinelearningservices:Workspace"
_COMPUTE: Final = "azure-native:machinelearningservices:Compute"
_ENDPOINT: Final = "azure-native:machinelearningservices:OnlineEndpoint"
_PEOPLE: Final = "azuread:index/group:Group"

_DATA: Final = "storage:StorageAccount data"
_VAULT: Final = "keyvault:Vault ml-vault"
_IMAGES: Final = "containerregistry:Registry registry"
_SETTINGS: Final = "appconfiguration:ConfigurationStore configuration"
_ML: Final = "machinelearningservices:Workspace workspace"


def _grant(to: str, role: str, on: str, needed_by: str, why: str, *when: str) -> ReviewedRole:
    return ReviewedRole(to=to, role=role, on=on, needed_by=(needed_by,), why=why, when=when)


_APPROVES: Final = ("network-connection-approver", "managed network", "approves the endpoints of its managed network")

AZURE_SERVICES: Final = (
    _grant(
        "cmk",
        "key-vault-encryption-user",
        "keyvault:Vault cmk-vault",
        "azure-native:storage:StorageAccount",
        "the account wraps its key with the customer-managed one",
        "customer-managed key",
    ),
    _grant(
        "watcher",
        "blob-data-contributor",
        "storage:StorageAccount flow-logs",
        "azure-native:network:FlowLog",
        "Network Watcher writes raw flow logs as it: the account takes no keys",
        "flow logs",
    ),
    _grant("workspace", "contributor", _DATA, _WORKSPACE, "Azure ML asks for it: it makes its own containers"),
    _grant("workspace", "blob-data-contributor", _DATA, _WORKSPACE, "its own containers, without account keys"),
    _grant("workspace", "file-data-contributor", _DATA, _WORKSPACE, "its own file shares, without account keys"),
    _grant("workspace", _APPROVES[0], _DATA, _WORKSPACE, _APPROVES[2], _APPROVES[1]),
    _grant(
        "workspace",
        "reader",
        "network:PrivateEndpoint blob",
        _WORKSPACE,
        "Azure ML asks for it: it looks at the endpoints of its account",
        "private endpoints",
    ),
    _grant(
        "workspace",
        "reader",
        "network:PrivateEndpoint file",
        _WORKSPACE,
        "Azure ML asks for it: it looks at the endpoints of its account",
        "private endpoints",
    ),
    _grant("workspace", "contributor", _VAULT, _WORKSPACE, "Azure ML asks for it"),
    _grant("workspace", "key-vault-administrator", _VAULT, _WORKSPACE, "Azure ML asks for it: it keeps connections"),
    _grant("workspace", _APPROVES[0], _VAULT, _WORKSPACE, _APPROVES[2], _APPROVES[1]),
    _grant("workspace", "contributor", _IMAGES, _WORKSPACE, "Azure ML asks for it: it pushes and pulls images"),
    _grant("workspace", _APPROVES[0], _IMAGES, _WORKSPACE, _APPROVES[2], _APPROVES[1]),
    _grant(
        "workspace",
        "contributor",
        "applicationinsights:Component insights",
        _WORKSPACE,
        "Azure ML asks for it: it links endpoints to it",
    ),
    _grant("workspace", "contributor", _ML, _WORKSPACE, "Azure ML asks for it: it works as this identity"),
    _grant("compute", "blob-data-contributor", _DATA, _COMPUTE, "jobs read training data and write models"),
    _grant("compute", "key-vault-secrets-user", _VAULT, _COMPUTE, "jobs read the tokens of external sources"),
    _grant("compute", "registry-pull", _IMAGES, _COMPUTE, "jobs run in our images"),
    _grant("compute", "registry-push", _IMAGES, _COMPUTE, "images are built on a cluster: the registry is private"),
    _grant("compute", "configuration-data-reader", _SETTINGS, _COMPUTE, "jobs read settings and flags"),
    _grant("endpoint", "blob-data-reader", _DATA, _ENDPOINT, "deployments load models"),
    _grant("endpoint", "key-vault-secrets-user", _VAULT, _ENDPOINT, "deployments read secrets"),
    _grant("endpoint", "registry-pull", _IMAGES, _ENDPOINT, "deployments run in our images"),
    _grant("endpoint", "configuration-data-reader", _SETTINGS, _ENDPOINT, "deployments read settings and flags"),
    _grant("endpoint", "ml-metrics-writer", _ML, _ENDPOINT, "deployments write metrics"),
    _grant("endpoint", "ml-connection-secrets-reader", _ML, _ENDPOINT, "secrets of connections are injected"),
    _grant("ml-admins", "key-vault-secrets-officer", _VAULT, _PEOPLE, "they renew the tokens of external sources"),
    _grant("ml-admins", "configuration-data-owner", _SETTINGS, _PEOPLE, "they change settings and flags"),
    _grant("ml-admins", "ml-compute-operator", _ML, _PEOPLE, "they operate clusters"),
    _grant("data-scientists", "blob-data-contributor", _DATA, _PEOPLE, "they bring data and read models"),
    _grant("data-scientists", "file-data-contributor", _DATA, _PEOPLE, "their notebooks lie in file shares"),
    _grant("data-scientists", "configuration-data-reader", _SETTINGS, _PEOPLE, "they see what jobs are told"),
    _grant("data-scientists", "ml-data-scientist", _ML, _PEOPLE, "they run experiments and register models"),
    _grant(
        "scoring-clients",
        "endpoint-scorer",
        "machinelearningservices:OnlineEndpoint scoring",
        _PEOPLE,
        "they ask for predictions, nothing else",
    ),
)
