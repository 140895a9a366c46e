"""One simulated provider, reached over gRPC as the engine reaches it, on an inventory of its own."""

import dataclasses
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from shared.sandbox.faults.injection import FaultInjection
from shared.sandbox.inventory import Inventory
from shared.sandbox.model import CloudIds
from shared.sandbox.server import serve
from shared.sandbox.wire import Json, Properties, decode, encode

CLOUD = CloudIds(
    subscription_id="11111111-0000-4000-8000-000000000001",
    tenant_id="11111111-0000-4000-8000-000000000002",
    account_id="000000000000",
    region="eu-west-1",
)
CONFIGURATION: dict[str, Properties] = {
    "azure-native": {"subscriptionId": CLOUD.subscription_id, "tenantId": CLOUD.tenant_id},
    "azuread": {"tenantId": CLOUD.tenant_id},
    "aws": {"region": CLOUD.region, "allowedAccountIds": [CLOUD.account_id]},
}


class RefusedError(Exception):
    """The simulated cloud refused a request; the text is its answer."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the engine knows it."""

    token: str
    id: str
    inputs: Properties
    outputs: Properties


@dataclasses.dataclass(frozen=True, kw_only=True)
class Diff:
    """What an update would do. changed: paths of changed inputs; replaces: those that make the resource anew."""

    changed: set[str]
    replaces: set[str]


class SimulatedCloud:
    """The providers of one running sandbox."""

    def __init__(self, stubs: Mapping[str, provider_pb2_grpc.ResourceProviderStub], inventory: Inventory) -> None:
        self._stubs = stubs
        self.inventory = inventory

    def problems(self, token: str, inputs: Mapping[str, Json]) -> list[str]:
        """Return why Check refuses the inputs."""
        request = provider_pb2.CheckRequest(urn=_urn(token), news=encode(inputs))
        return [failure.reason for failure in self._call(token, "Check", request).failures]

    def create(self, token: str, inputs: Mapping[str, Json]) -> Resource:
        """Check and create a resource. Raises RefusedError."""
        problems = self.problems(token, inputs)
        if problems:
            raise RefusedError("; ".join(problems))
        response = self._call(token, "Create", provider_pb2.CreateRequest(urn=_urn(token), properties=encode(inputs)))
        return Resource(token=token, id=response.id, inputs=dict(inputs), outputs=decode(response.properties))

    def begin(self, token: str, inputs: Mapping[str, Json]) -> "grpc.Future[Json]":
        """Ask for a resource, without waiting for it. Cancelling takes the question back, as an engine that dies."""
        request = provider_pb2.CreateRequest(urn=_urn(token), properties=encode(inputs))
        call: Json = self._stubs[token.split(":", maxsplit=1)[0]].Create
        return call.future(request)

    def refusal(self, token: str, inputs: Mapping[str, Json]) -> str:
        """Return why a creation is refused. Fails where it is not, and where something is left of it."""
        before = self.inventory.all()
        try:
            self.create(token, inputs)
        except RefusedError as error:
            assert self.inventory.all() == before
            return str(error)
        raise AssertionError(f"{token} was created, and should have been refused")

    def previewed(self, token: str, inputs: Mapping[str, Json]) -> Properties:
        """Return the outputs that a preview of the creation shows."""
        request = provider_pb2.CreateRequest(urn=_urn(token), properties=encode(inputs), preview=True)
        return decode(self._call(token, "Create", request).properties)

    def update(self, resource: Resource, **changed: Json) -> Resource:
        """Update a resource in place. An input that is None is left out. Raises RefusedError."""
        inputs = {key: value for key, value in {**resource.inputs, **changed}.items() if value is not None}
        request = provider_pb2.UpdateRequest(
            id=resource.id,
            urn=_urn(resource.token),
            olds=encode(resource.outputs),
            old_inputs=encode(resource.inputs),
            news=encode(inputs),
        )
        response = self._call(resource.token, "Update", request)
        return dataclasses.replace(resource, inputs=inputs, outputs=decode(response.properties))

    def diff(self, resource: Resource, **changed: Json) -> Diff:
        """Return what changing some inputs would do."""
        request = provider_pb2.DiffRequest(
            id=resource.id,
            urn=_urn(resource.token),
            olds=encode(resource.outputs),
            old_inputs=encode(resource.inputs),
            news=encode({**resource.inputs, **changed}),
        )
        response = self._call(resource.token, "Diff", request)
        return Diff(changed=set(response.detailedDiff), replaces=set(response.replaces))

    def read(self, resource: Resource) -> Properties | None:
        """Return the outputs as the cloud has them, or None where the resource is gone."""
        request = provider_pb2.ReadRequest(
            id=resource.id,
            urn=_urn(resource.token),
            properties=encode(resource.outputs),
            inputs=encode(resource.inputs),
        )
        response = self._call(resource.token, "Read", request)
        return decode(response.properties) if response.id else None

    def delete(self, resource: Resource) -> None:
        """Delete a resource. Raises RefusedError."""
        request = provider_pb2.DeleteRequest(
            id=resource.id, urn=_urn(resource.token), properties=encode(resource.outputs)
        )
        self._call(resource.token, "Delete", request)

    def invoke(self, token: str, **arguments: Json) -> Properties:
        """Return the answer of a provider function. Raises RefusedError."""
        request = provider_pb2.InvokeRequest(tok=token, args=encode(arguments))
        return decode(getattr(self._call(token, "Invoke", request), "return"))

    def _call(self, token: str, method: str, request: Json) -> Json:
        try:
            return getattr(self._stubs[token.split(":", maxsplit=1)[0]], method)(request)
        except grpc.RpcError as error:
            said = getattr(error, "details", None)
            raise RefusedError(said() if said else str(error)) from error


@contextmanager
def simulated_cloud(
    path: Path, injection: Callable[[Inventory, str], FaultInjection] | None = None
) -> Generator[SimulatedCloud]:
    """Serve the simulated clouds on the inventory file at `path`, configured, until the block ends.

    injection: the faults of the provider with that name.
    """
    inventory = Inventory(path)
    attach, servers = serve(CLOUD, inventory, (lambda provider: injection(inventory, provider)) if injection else None)
    try:
        with attached(attach, inventory) as cloud:
            yield cloud
    finally:
        for server in servers:
            server.stop(grace=None).wait()
        inventory.close()


@contextmanager
def attached(attach: str, inventory: Inventory) -> Generator[SimulatedCloud]:
    """Attach to running clouds, whose PULUMI_DEBUG_PROVIDERS is `attach`, as an engine does."""
    channels = {
        provider: grpc.insecure_channel(f"127.0.0.1:{port}")
        for provider, port in (part.rsplit(":", 1) for part in attach.split(","))
    }
    stubs = {provider: provider_pb2_grpc.ResourceProviderStub(channel) for provider, channel in channels.items()}
    for provider, stub in stubs.items():
        stub.Configure(provider_pb2.ConfigureRequest(args=encode(CONFIGURATION[provider])))
    try:
        yield SimulatedCloud(stubs, inventory)
    finally:
        for channel in channels.values():
            channel.close()


def _urn(token: str) -> str:
    return f"urn:pulumi:test::test::{token}::resource"
