"""Every stack's program runs in every environment, and some promises hold in all of them."""

from collections.abc import Callable

import pytest

from shared.contracts import (
    IdentityOutputs,
    KeyVaultOutputs,
    NetworkStorageOutputs,
    SagemakerOutputs,
    StackOutputs,
)
from shared.environment import load
from stacks.identity.program import program as identity
from stacks.key_vault.program import program as key_vault
from stacks.ml_workspace.program import program as ml_workspace
from stacks.network_storage.program import program as network_storage
from stacks.sagemaker.program import program as sagemaker
from tests.unit.sample_environments import ACCOUNT, changed
from tests.unit.stack_mocks import Run, run_program

PROGRAMS: dict[Callable[..., StackOutputs], tuple[type[StackOutputs], ...]] = {
    identity: (),
    key_vault: (IdentityOutputs,),
    network_storage: (IdentityOutputs, KeyVaultOutputs),
    sagemaker: (IdentityOutputs,),
    ml_workspace: (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs),
}
STATEFUL = {
    "resources:ResourceGroup",
    "keyvault:Vault",
    "keyvault:Key",
    "storage:StorageAccount",
    "storage:BlobContainer",
    "machinelearningservices:Workspace",
    "containerregistry:Registry",
    "appconfiguration:ConfigurationStore",
    "kms/key:Key",
    "s3/bucket:Bucket",
}


@pytest.fixture(scope="module", params=["sandbox", "dev", "staging", "prod"])
def runs(request: pytest.FixtureRequest) -> tuple[str, list[Run]]:
    loaded = load(str(request.param))
    environment = changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)
    secrets = dict.fromkeys(environment.key_vault.secrets, "value")
    return environment.name, [
        run_program(program, environment, *contracts, secrets=secrets) for program, contracts in PROGRAMS.items()
    ]


def test_a_logical_name_is_used_once_per_type(runs: tuple[str, list[Run]]) -> None:
    _, by_stack = runs
    for run in by_stack:
        names = [(one.type, one.name) for one in run.resources]
        assert len(set(names)) == len(names)


def test_what_holds_state_is_protected_in_production_only(runs: tuple[str, list[Run]]) -> None:
    environment, by_stack = runs
    stateful = [one for run in by_stack for one in run.resources if one.type.split(":", 1)[1] in STATEFUL]
    assert {one.protect for one in stateful} == {environment == "prod"}


def test_only_development_has_public_endpoints(runs: tuple[str, list[Run]]) -> None:
    environment, by_stack = runs
    public = [
        one.name
        for run in by_stack
        for one in run.resources
        if "Enabled"
        in (one.inputs.get("publicNetworkAccess"), one.inputs.get("properties", {}).get("publicNetworkAccess"))
    ]
    assert bool(public) == (environment == "dev")


def test_locks_are_where_the_environment_asks_for_them(runs: tuple[str, list[Run]]) -> None:
    environment, by_stack = runs
    locks = [one for run in by_stack for one in run.all("authorization:ManagementLockByScope").values()]
    assert bool(locks) == (environment == "prod")


def test_every_role_that_a_stack_grants_is_one_that_its_login_may_grant(runs: tuple[str, list[Run]]) -> None:
    _, (own, *others) = runs
    condition = own.one("authorization:RoleAssignment", "resource-group-gha-deploy-rbac-administrator").inputs[
        "condition"
    ]
    granted = {
        one.inputs["roleDefinitionId"].rpartition("/")[2]
        for run in others
        for one in run.all("authorization:RoleAssignment").values()
    }
    assert len(granted) > 10
    assert not [guid for guid in granted if guid not in condition]
