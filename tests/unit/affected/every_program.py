"""The programs of the five stacks, and environments that let all of them run."""

from collections.abc import Callable

from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs, StackOutputs
from shared.environment import Environment, load
from stacks.identity.program import program as identity
from stacks.key_vault.program import program as key_vault
from stacks.ml_workspace.program import program as ml_workspace
from stacks.network_storage.program import program as network_storage
from stacks.sagemaker.program import program as sagemaker
from tests.unit.sample_environments import ACCOUNT, SUBSCRIPTION, changed

PROGRAMS: dict[Callable[..., StackOutputs], tuple[type[StackOutputs], ...]] = {
    identity: (),
    key_vault: (IdentityOutputs,),
    network_storage: (IdentityOutputs, KeyVaultOutputs),
    sagemaker: (IdentityOutputs,),
    ml_workspace: (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs),
}
DEPLOYMENT = {
    "model": "azureml:credit:3",
    "environment": "azureml:sklearn:1",
    "instance_type": "Standard_DS3_v2",
    "instance_count": 3,
}


def environment_named(name: str) -> Environment:
    """Return an environment with its ids filled in; "every option": the sandbox with a model deployed too."""
    options: dict[str, object] = {"ml_workspace__deployment": DEPLOYMENT} if name == "every option" else {}
    loaded = load("sandbox" if name == "every option" else name)
    ids = {"aws__account_id": ACCOUNT, "azure__subscription_id": SUBSCRIPTION, "azure__tenant_id": SUBSCRIPTION}
    github = {"github__organization_id": 1, "github__repository_id": 2}
    return changed(loaded, **ids, **github, **options)


def with_every_option() -> Environment:
    """Return an environment in which the programs do all that they can."""
    return environment_named("every option")
