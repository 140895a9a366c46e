"""The register of an environment: the inventory of the simulated clouds, or Azure."""

from pathlib import Path

from shared.environment import Environment
from shared.reserved_names.register import Register
from shared.reserved_names.simulated import SimulatedRegister


def register_of(environment: Environment, inventory: Path | None) -> Register:
    """Return where the names of `environment` are found and freed. Opens nothing yet, asks nobody.

    inventory: the file of the simulated clouds, None for Azure. There the login is that of the run, which
    shared.login has checked.
    """
    if inventory is not None:
        return SimulatedRegister(inventory)
    # Azure's libraries take a quarter of a second to load.
    from shared.reserved_names.azure_api import arm_client
    from shared.reserved_names.azure_credential import credential
    from shared.reserved_names.azure_register import AzureRegister

    return AzureRegister(environment, arm_client(credential(str(environment.azure.subscription_id))))
