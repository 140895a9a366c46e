"""Where the nodes of Azure Machine Learning's clusters are: the network and the workspace must agree."""

from shared.environment import Environment


def compute_in_our_subnet(environment: Environment) -> bool:
    """Return whether nodes are in the training subnet. With a managed network they are in that one, and never here."""
    return environment.ml_workspace.isolation_mode == "Disabled"


def compute_has_public_address(environment: Environment) -> bool:
    """Return whether nodes need public addresses, at which Azure Machine Learning starts them.

    Without them the workspace must have a private endpoint (Microsoft, "Secure an Azure Machine Learning training
    environment with virtual networks").
    """
    return compute_in_our_subnet(environment) and not environment.private_endpoints
