"""`run(program)`: contracts by signature, explicit providers, and one sentence for what is wrong."""

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi
import pytest

from shared.contracts import StackOutputs
from shared.environment.loading import REPOSITORY
from shared.stack_program import run
from tests.simulated_stack import simulated_stack

PROGRAM = """
import dataclasses
from pulumi import Output
import pulumi_aws as aws
import pulumi_azure_native as az
import pulumi_azuread as entra
from shared.contracts import IdentityOutputs, StackOutputs, output
from shared.environment import Environment

@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleOutputs(StackOutputs, stack="sample"):
    group: Output[str] = output("A group.")
    account: Output[str] = output("The environment's account.")

def program(env: Environment, identity: IdentityOutputs) -> SampleOutputs:
    group = az.resources.ResourceGroup("group", resource_group_name=identity.resource_group_name)
    aws.s3.Bucket("bucket")
    entra.Group("people", display_name="people")
    return SampleOutputs(group=group.name, account=Output.from_input(str(env.aws.account_id)))
"""


class Cloud(pulumi.runtime.Mocks):
    def __init__(self) -> None:
        self.providers: dict[str, str] = {}
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.providers[args.typ] = args.provider or ""
        self.inputs[args.typ] = dict(args.inputs)
        if args.typ == "pulumi:pulumi:StackReference":
            outputs = {"resource_group_name": "rg", "tenant_id": "t"}
            return args.name, {"name": args.name, "outputs": outputs, "secretOutputNames": []}
        return f"{args.name}-id", {**args.inputs, "name": args.name}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nothing calls {args.token}")


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Callable[..., StackOutputs]]:
    """A repository with one stack, `sample`; its program."""
    folder = tmp_path / "stacks" / "sample"
    folder.mkdir(parents=True)
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    shutil.copytree(REPOSITORY / "environments", tmp_path / "environments")
    sys.path.insert(0, str(folder))
    try:
        yield import_module("program").program
    finally:
        sys.path.remove(str(folder))
        del sys.modules["program"]


def run_in_stack(program: Callable[..., StackOutputs], project: str, stack: str) -> Cloud:
    cloud = Cloud()

    @pulumi.runtime.test
    def running() -> None:
        run(program)

    with simulated_stack(cloud, project=project, stack=stack):
        running()
    return cloud


def test_every_resource_gets_a_provider_made_from_the_environment(sample: Callable[..., StackOutputs]) -> None:
    cloud = run_in_stack(sample, "sample", "sandbox")
    assert cloud.providers["azure-native:resources:ResourceGroup"].endswith("azure-native::azure::azure-id")
    assert cloud.providers["aws:s3/bucket:Bucket"].endswith("aws::aws::aws-id")
    assert cloud.providers["azuread:index/group:Group"].endswith("azuread::entra::entra-id")
    azure = cloud.inputs["pulumi:providers:azure-native"]
    assert azure["subscriptionId"] == "5a4d0b0c-0000-4000-8000-00000000a002"
    assert azure["tenantId"] == cloud.inputs["pulumi:providers:azuread"]["tenantId"]
    assert cloud.inputs["pulumi:providers:aws"]["allowedAccountIds"] == '["000000000000"]'


def test_a_contract_in_the_signature_is_read_from_its_stack(sample: Callable[..., StackOutputs]) -> None:
    cloud = run_in_stack(sample, "sample", "sandbox")
    assert cloud.inputs["azure-native:resources:ResourceGroup"]["resourceGroupName"] == "rg"


@pytest.mark.parametrize(
    ("project", "stack", "sentence"),
    [
        ("other", "sandbox", "SampleOutputs is the contract of sample, and this project is other"),
        ("sample", "nowhere", "environments/nowhere.yaml: there is no such environment"),
        ("sample", "prod", "environments/prod.yaml: azure.subscription_id is null"),
    ],
)
def test_what_is_wrong_is_one_sentence_without_a_traceback(
    sample: Callable[..., StackOutputs], project: str, stack: str, sentence: str
) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        run_in_stack(sample, project, stack)
    assert sentence in str(caught.value)
