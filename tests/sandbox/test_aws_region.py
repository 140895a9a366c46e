"""A provider of another region: everything it has is made anew there, as the real provider says."""

from collections.abc import Generator
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from shared.sandbox.inventory import Inventory
from shared.sandbox.server import serve
from shared.sandbox.wire import Properties, decode, encode
from tests.sandbox.simulated_cloud import CLOUD, CONFIGURATION

PROVIDER = "urn:pulumi:test::test::pulumi:providers:{0}::{0}"


@pytest.fixture
def ports(tmp_path: Path) -> Generator[dict[str, str]]:
    inventory = Inventory(tmp_path / "inventory.sqlite")
    attach, servers = serve(CLOUD, inventory)
    yield dict(part.rsplit(":", 1) for part in attach.split(","))
    for server in servers:
        server.stop(grace=None).wait()
    inventory.close()


def _diff(port: str, provider: str, **changed: str) -> provider_pb2.DiffResponse:
    old = CONFIGURATION[provider]
    request = provider_pb2.DiffRequest(
        urn=PROVIDER.format(provider), old_inputs=encode(old), olds=encode(old), news=encode({**old, **changed})
    )
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        return provider_pb2_grpc.ResourceProviderStub(channel).DiffConfig(request)


def test_another_region_makes_the_provider_and_what_it_has_anew(ports: dict[str, str]) -> None:
    found = _diff(ports["aws"], "aws", region="eu-central-1")
    assert list(found.replaces) == ["region"]
    assert found.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_nothing_else_does(ports: dict[str, str]) -> None:
    assert not _diff(ports["aws"], "aws", profile="other").replaces
    assert not _diff(ports["azure-native"], "azure-native", location="northeurope").replaces
    assert _diff(ports["aws"], "aws").changes == provider_pb2.DiffResponse.DIFF_NONE


def test_each_connection_makes_resources_in_its_own_region(ports: dict[str, str]) -> None:
    def arn(region: str) -> str:
        with grpc.insecure_channel(f"127.0.0.1:{ports['aws']}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            configuration: Properties = {**CONFIGURATION["aws"], "region": region}
            stub.Configure(provider_pb2.ConfigureRequest(args=encode(configuration)))
            urn = "urn:pulumi:test::test::aws:kms/key:Key::key"
            made = stub.Create(provider_pb2.CreateRequest(urn=urn, properties=encode({})))
            return str(decode(made.properties)["arn"])

    assert arn("eu-west-1").startswith(f"arn:aws:kms:eu-west-1:{CLOUD.account_id}:key/")
    assert arn("us-east-1").startswith(f"arn:aws:kms:us-east-1:{CLOUD.account_id}:key/")
