"""Every stack's program runs in every environment, and some promises hold in all of them."""

import json
from collections.abc import Callable, Iterator

import pytest

from shared.contracts import (
    IdentityOutputs,
    KeyVaultOutputs,
    NetworkStorageOutputs,
    SagemakerOutputs,
    StackOutputs,
)
from shared.environment import Environment, load
from stacks.identity.program import program as identity
from stacks.key_vault.program import program as key_vault
from stacks.ml_workspace.program import program as ml_workspace
from stacks.network_storage.program import program as network_storage
from stacks.sagemaker.program import program as sagemaker
from tests.sandbox.sdk_arguments import argument_problems
from tests.unit.sample_environments import ACCOUNT, changed
from tests.unit.stack_mocks import Registered, Run, run_program

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
CLOUDS = ("azure-native", "azuread", "aws")
EVERY_OPTION = {
    "ml_workspace__deployment": {
        "model": "azureml:credit:3",
        "environment": "azureml://registries/azureml/environments/sklearn-1.5/versions/20",
        "instance_type": "Standard_DS3_v2",
        "instance_count": 3,
        "code": "azureml:scoring:1",
        "scoring_script": "score.py",
    },
    "ml_workspace__configuration_replicas": ("northeurope",),
    "sagemaker__object_lock_days": 30,
}
"""What no environment has at first, and each may."""
# Characters without white space: IAM User Guide, "IAM and AWS STS quotas"; Amazon S3 User Guide, "Bucket policies";
# AWS KMS Developer Guide, "Quotas"; AWS PrivateLink Guide, "AWS PrivateLink quotas".
POLICY_LIMITS = {
    ("aws:iam/role:Role", "assumeRolePolicy"): 2_048,
    ("aws:iam/rolePolicy:RolePolicy", "policy"): 10_240,
    ("aws:iam/policy:Policy", "policy"): 6_144,
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): 20_480,
    ("aws:kms/key:Key", "policy"): 32_768,
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"): 20_480,
}


def _environment(name: str) -> Environment:
    return changed(load("sandbox"), **EVERY_OPTION) if name == "every option" else load(name)


@pytest.fixture(scope="module", params=["sandbox", "dev", "staging", "prod", "every option"])
def runs(request: pytest.FixtureRequest) -> tuple[str, list[Run]]:
    loaded = _environment(str(request.param))
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


def test_what_a_provider_is_sent_is_what_its_service_knows(runs: tuple[str, list[Run]]) -> None:
    _, by_stack = runs
    sent = list(_sent_to_clouds(by_stack))
    assert len(sent) > 100
    assert [f"{one.name}: {problem}" for one in sent for problem in argument_problems(one.type, one.inputs)] == []


def test_policies_on_aws_fit_into_its_limits(runs: tuple[str, list[Run]]) -> None:
    _, by_stack = runs
    sizes = {
        (one.type, key, one.name): len(json.dumps(json.loads(one.inputs[key]), separators=(",", ":")))
        for one in _sent_to_clouds(by_stack)
        for type_, key in POLICY_LIMITS
        if one.type == type_ and key in one.inputs
    }
    assert {type_ for type_, _, _ in sizes} >= {"aws:iam/role:Role", "aws:s3/bucketPolicy:BucketPolicy"}
    assert {name: size for name, size in sizes.items() if size > POLICY_LIMITS[name[0], name[1]]} == {}


def _sent_to_clouds(by_stack: list[Run]) -> Iterator[Registered]:
    for run in by_stack:
        yield from (one for one in run.resources if one.type.partition(":")[0] in CLOUDS)
