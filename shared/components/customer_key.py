"""The customer-managed key of the key_vault stack, for the stacks that encrypt with it."""

import pulumi

from shared.contracts import ContractError, KeyVaultOutputs
from shared.environment import Environment


def of_customer_key(environment: Environment, key_vault: KeyVaultOutputs, field: str) -> pulumi.Output[str]:
    """Return one of key_vault's cmk fields, for use where environment.key_vault.customer_managed_key is on.

    That switch decides, not the output: in a preview it may not be known yet. A field that turns out to be absent
    raises ContractError: key_vault was last deployed with the switch off.
    """
    output: pulumi.Output[str | None] = getattr(key_vault, field)

    def present(value: str | None) -> str:
        if value is None:
            problem = "is absent, though key_vault.customer_managed_key is on"
            raise ContractError(producer="key_vault", environment=environment.name, field=field, problem=problem)
        return value

    return output.apply(present)
