"""Run the stack's program against mocks, and look at what it asked for."""

import asyncio
import dataclasses
import json
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, mocks

from shared.contracts import IdentityOutputs, SagemakerOutputs
from shared.environment import Environment, load

ACCOUNT = "000000000000"
DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/github/deploy"
PREVIEW = f"arn:aws:iam::{ACCOUNT}:role/github/preview"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
TENANT = "5a4d0b0c-0000-4000-8000-00000000a001"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resource:
    """One registration. inputs: provider (camelCase) names."""

    type: str
    name: str
    inputs: dict[str, Any]
    protect: bool
    depends_on: frozenset[str]
    urn: str


@dataclasses.dataclass(frozen=True)
class Run:
    """What a program registered, and what it returned where it is a stack's."""

    resources: list[Resource]
    outputs: dict[str, Any]

    def of(self, kind: str) -> list[Resource]:
        """All resources whose type ends in `kind`."""
        return [resource for resource in self.resources if resource.type.endswith(f":{kind}")]

    def one(self, kind: str, name: str) -> Resource:
        """The one resource of that type and name."""
        (found,) = [resource for resource in self.of(kind) if resource.name == name]
        return found

    def policy(self, kind: str, name: str, key: str = "policy") -> dict[str, dict[str, Any]]:
        """The statements of a policy, by sid."""
        document = json.loads(self.one(kind, name).inputs[key])
        assert document["Version"] == "2012-10-17"
        return {statement["Sid"]: statement for statement in document["Statement"]}


class _Monitor(mocks.MockMonitor):
    """Also keeps what mocks do not see: protection and dependencies."""

    def __init__(self, simulated: Mocks) -> None:
        super().__init__(simulated)
        self.registered: list[Resource] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's protocol names methods
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            inputs = pulumi.runtime.rpc.deserialize_properties(request.object)
            self.registered.append(
                Resource(
                    type=request.type,
                    name=request.name,
                    inputs=inputs,
                    protect=request.protect,
                    depends_on=frozenset(request.dependencies),
                    urn=response.urn,
                )
            )
        return response


class _Aws(Mocks):
    """Gives back what AWS computes: ids, ARNs, the prefix list of S3."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"the program calls no function, and called {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        kind = args.typ.rsplit(":", 1)[-1]
        ident = f"{kind.lower()}-{args.name}"
        computed: dict[str, dict[str, Any]] = {
            "Role": {"arn": f"arn:aws:iam::{ACCOUNT}:role/{args.inputs.get('name')}"},
            "Bucket": {"arn": f"arn:aws:s3:::{args.inputs.get('bucket')}"},
            "Key": {"arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{ident}", "keyId": ident},
            "VpcEndpoint": {"prefixListId": f"pl-{args.name}"},
            "Pipeline": {"arn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:pipeline/{args.inputs.get('pipelineName')}"},
        }
        others = {"arn": f"arn:aws:simulated:eu-west-1:{ACCOUNT}:{ident}"}
        return ident, {**args.inputs, **computed.get(kind, others)}


@contextmanager
def _own_loop() -> Generator[None, None, None]:
    # Pulumi leaves tasks on the running loop, and a loop in each of its threads: each test gets its own and closes all.
    loops = [asyncio.new_event_loop()]

    def begin_thread() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    threads = ThreadPoolExecutor(initializer=begin_thread)
    loops[0].set_default_executor(threads)
    asyncio.set_event_loop(loops[0])
    try:
        yield
    finally:
        threads.shutdown()
        for loop in loops:
            loop.close()
        asyncio.set_event_loop(None)


def recorded(declare: Callable[[], Any]) -> Run:
    """Run `declare` with mocks, wait for everything it registers, and return it with the value `declare` returns."""
    outputs: dict[str, Any] = {}
    simulated = _Aws()
    with _own_loop():
        monitor = _Monitor(simulated)
        mocks.set_mocks(simulated, project="sagemaker", stack="sandbox", preview=False, monitor=monitor)

        def run() -> Any:
            returned = declare()
            return pulumi.Output.from_input(returned or {}).apply(outputs.update)

        pulumi.runtime.test(run)()
    return Run(monitor.registered, outputs)


def identity() -> IdentityOutputs:
    """The contract of the identity stack, with values of the shape it publishes."""
    known = pulumi.Output.from_input

    def each(**values: str) -> dict[str, pulumi.Output[str]]:
        return {key: known(value) for key, value in values.items()}

    return IdentityOutputs(
        tenant_id=known(TENANT),
        resource_group_name=known("rg"),
        resource_group_id=known("/subscriptions/s/resourceGroups/rg"),
        managed_identity_id=known("/subscriptions/s/identity"),
        identity_ids=each(compute="/subscriptions/s/identity"),
        identity_client_ids=each(compute="compute-client"),
        principals=each(compute="compute-principal"),
        groups=each(),
        app_client_id=known("app-client"),
        app_object_id=known("app-object"),
        app_service_principal=known("app-principal"),
        github_client_ids=each(),
        aws_role_arns=each(deploy=DEPLOY, preview=PREVIEW),
        aws_permissions_boundary_arn=known(BOUNDARY),
    )


def stack(environment: Environment) -> Run:
    """Run the sagemaker stack in `environment`."""
    from stacks.sagemaker.program import program

    def declare() -> dict[str, Any]:
        returned = program(environment, identity())
        return {spec.name: getattr(returned, spec.name) for spec in SagemakerOutputs.specs()}

    return recorded(declare)


def sandbox() -> Environment:
    """The sandbox: shaped like production."""
    return load("sandbox")


def changed(section: str, **values: Any) -> Environment:
    """The sandbox with other values in one section."""
    environment = sandbox()
    return environment.model_copy(update={section: getattr(environment, section).model_copy(update=values)})
