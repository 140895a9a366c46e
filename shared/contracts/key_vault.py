"""What `key_vault` publishes: where keys, secrets and logs are."""

import dataclasses

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyVaultOutputs(StackOutputs, stack="key_vault"):
    """Vaults, customer-managed key and log workspace. The cmk fields are absent where no such key is used."""

    key_vault_uri: Output[str] = output("URI of the vault that the ML workspace uses.")
    ml_vault_id: Output[str] = output("ARM id of that vault.")
    ml_vault_name: Output[str] = output("Name of that vault.")
    cmk_vault_id: Output[str | None] = output("ARM id of the vault that holds only encryption keys.")
    cmk_vault_uri: Output[str | None] = output("URI of that vault.")
    cmk_key_name: Output[str | None] = output("Name of the customer-managed key. Without a version: it rotates itself.")
    secret_names: Output[list[str]] = output("Names of the secrets in the ML vault.")
    log_analytics_id: Output[str] = output("ARM id of the Log Analytics workspace.")
