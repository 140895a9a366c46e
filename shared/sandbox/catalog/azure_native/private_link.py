"""Private link: which parts of a service a private endpoint can reach, and under which names and DNS zones.

Microsoft's "Private-link resources" and "Azure Private Endpoint private DNS zone values".
"""

import dataclasses
from collections.abc import Callable

from shared.sandbox.catalog.azure_native.references import arm_type, name_in
from shared.sandbox.inventory import Record

_Names = Callable[[Record], list[str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """One part of a service. kind: its ARM type; group: the group id; names: the host names that get an address."""

    kind: str
    group: str
    names: _Names


def _storage(service: str) -> Target:
    def names(record: Record) -> list[str]:
        return [f"{name_in(record.id)}.{service}.core.windows.net"]

    return Target(kind="Microsoft.Storage/storageAccounts", group=service, names=names)


def _registry_names(record: Record) -> list[str]:
    name = name_in(record.id).lower()
    return [f"{name}.{record.outputs.get('location')}.data.azurecr.io", f"{name}.azurecr.io"]


def _workspace_names(record: Record) -> list[str]:
    guid, place = record.outputs.get("workspaceId"), record.outputs.get("location")
    return [
        f"{guid}.workspace.{place}.api.azureml.ms",
        f"{guid}.workspace.{place}.cert.api.azureml.ms",
        f"*.{guid}.inference.{place}.api.azureml.ms",
        f"ml-{name_in(record.id)}-{place}-{guid}.{place}.notebooks.azure.net",
    ]


TARGETS = (
    *map(_storage, ("blob", "dfs", "file", "queue", "table", "web")),
    Target(
        kind="Microsoft.KeyVault/vaults",
        group="vault",
        names=lambda record: [f"{name_in(record.id).lower()}.vault.azure.net"],
    ),
    Target(kind="Microsoft.ContainerRegistry/registries", group="registry", names=_registry_names),
    Target(
        kind="Microsoft.MachineLearningServices/workspaces",
        group="amlworkspace",
        names=_workspace_names,
    ),
    Target(
        kind="Microsoft.AppConfiguration/configurationStores",
        group="configurationStores",
        names=lambda record: [f"{name_in(record.id).lower()}.azconfig.io"],
    ),
)

_OTHER_SUFFIX = {"vaultcore.azure.net": "vault.azure.net"}


def targets_of(resource_id: str) -> list[Target]:
    """Return what a private endpoint can reach of the resource with that id."""
    kind = arm_type(resource_id).lower()
    return [target for target in TARGETS if target.kind.lower() == kind]


def record_name(fqdn: str, zone: str) -> str | None:
    """Return the name of the record for a host in a private zone, or None where the zone is not for that host."""
    public = zone.lower().removeprefix("privatelink.")
    suffix = f".{_OTHER_SUFFIX.get(public, public)}"
    return fqdn.lower().removesuffix(suffix) if fqdn.lower().endswith(suffix) else None
