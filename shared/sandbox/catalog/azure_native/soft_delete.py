"""What Azure keeps for days after it was deleted, with its name.

Sources, by Microsoft: "Azure Key Vault soft-delete overview", "Soft delete in Azure App Configuration", "Recover
workspace data while soft deleted" (Azure Machine Learning). The refusals are as the services word them, in reports of
their clients. Storage accounts, registries and identities free their names at once.
"""

from typing import Final

from shared.sandbox.catalog.azure_native.references import at, parent_id
from shared.sandbox.inventory import Record
from shared.sandbox.model import Existing, Hold, SoftDelete

VAULT: Final = "azure-native:keyvault:Vault"
STORE: Final = "azure-native:appconfiguration:ConfigurationStore"
WORKSPACE: Final = "azure-native:machinelearningservices:Workspace"
_WORKSPACE_DAYS: Final = 14


def _of_vault(record: Record, _: Existing) -> Hold | None:
    if at(record.outputs, "properties.enableSoftDelete") is False:
        return None
    return Hold(
        days=int(at(record.outputs, "properties.softDeleteRetentionInDays")),
        protected=at(record.inputs, "properties.enablePurgeProtection") is True,
    )


def _of_vault_item(record: Record, existing: Existing) -> Hold | None:
    vault = existing.find(parent_id(record.id) or "", VAULT)
    return _of_vault(vault, existing) if vault else None


def _of_store(record: Record, _: Existing) -> Hold | None:
    days = int(record.outputs.get("softDeleteRetentionInDays") or 0)
    return Hold(days=days, protected=record.inputs.get("enablePurgeProtection") is True) if days else None


def _of_workspace(_record: Record, _: Existing) -> Hold:
    """Return how long every workspace is kept, also one that has only user-assigned identities.

    The learn page says of those that "soft delete and recovery" are not supported, not whether the name is free.
    """
    return Hold(days=_WORKSPACE_DAYS, protected=False)


def _item(kind: str) -> SoftDelete:
    return SoftDelete(
        hold=_of_vault_item,
        code="Conflict",
        message=f"{kind.capitalize()} {{name}} is currently in a deleted but recoverable state, and its name cannot be"
        f" reused; in this state, the {kind} can only be recovered or purged.",
    )


SOFT_DELETE: Final = {
    VAULT: SoftDelete(
        hold=_of_vault,
        code="ConflictError",
        message="A vault with the same name already exists in deleted state. You need to either recover or purge"
        " existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on"
        " soft delete.",
    ),
    "azure-native:keyvault:Key": _item("key"),
    "azure-native:keyvault:Secret": _item("secret"),
    STORE: SoftDelete(hold=_of_store, code="NameUnavailable", message="The specified name is already in use."),
    WORKSPACE: SoftDelete(
        hold=_of_workspace,
        code="BadRequest",
        message="Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete",
    ),
}
