"""Where the resources of an environment are looked for: the inventory of the simulated clouds, or AWS and Entra."""

from pathlib import Path

from shared.environment import Environment
from shared.pending_operations.search import Search
from shared.pending_operations.simulated_search import SimulatedSearch


def search_of(environment: Environment, inventory: Path | None) -> Search:
    """Return where the resources of an environment are looked for. Asks nobody yet.

    inventory: the file of the simulated clouds, None for AWS and Entra with the login of the run.
    """
    if inventory is not None:
        return SimulatedSearch(inventory)
    # The clouds' libraries take half a second to load.
    from shared.pending_operations.real_search import RealSearch

    return RealSearch(environment)
