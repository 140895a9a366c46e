"""Contracts between stacks: one frozen dataclass of outputs per stack."""

from shared.contracts.errors import ContractError
from shared.contracts.identity import IdentityOutputs
from shared.contracts.key_vault import KeyVaultOutputs
from shared.contracts.ml_workspace import MlWorkspaceOutputs
from shared.contracts.network_storage import NetworkStorageOutputs
from shared.contracts.sagemaker import SagemakerOutputs
from shared.contracts.stack_outputs import StackOutputs, output

__all__ = [
    "ContractError",
    "IdentityOutputs",
    "KeyVaultOutputs",
    "MlWorkspaceOutputs",
    "NetworkStorageOutputs",
    "SagemakerOutputs",
    "StackOutputs",
    "output",
]
