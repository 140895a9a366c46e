"""The choices of an environment file on which grants depend."""

from collections.abc import Callable, Mapping
from typing import Final

from shared.environment import Environment

_CHOICES: Final[Mapping[str, Callable[[Environment], bool]]] = {
    "customer-managed key": lambda env: env.key_vault.customer_managed_key,
    "data events": lambda env: env.sagemaker.start_on_new_data,
    "Defender": lambda env: env.protection.defender,
    "flow log of the VPC": lambda env: env.logs.flow_logs and env.sagemaker.network is not None,
    "flow logs": lambda env: env.logs.flow_logs,
    "locks": lambda env: env.protection.locks,
    "log groups of jobs": lambda env: env.aws.create_log_groups,
    "managed network": lambda env: env.ml_workspace.isolation_mode != "Disabled",
    "private endpoints": lambda env: env.private_endpoints,
    "protected data": lambda env: env.protection.deletion,
    "repository id": lambda env: env.github.repository_id is not None,
    "VPC": lambda env: env.sagemaker.network is not None,
}
CHOICES: Final = tuple(_CHOICES)


def holds(when: tuple[str, ...], environment: Environment) -> bool:
    """Tell whether all of `when` hold: names of CHOICES, or "no " and a name. Raises KeyError."""
    return all(_CHOICES[name.removeprefix("no ")](environment) != name.startswith("no ") for name in when)
