"""What the preview of an update of a bridged provider knows: what stays is known, what changes is not."""

from collections.abc import Generator
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from shared.sandbox.inventory import Inventory
from shared.sandbox.server import serve
from shared.sandbox.wire import UNKNOWN, Properties, decode, encode
from tests.sandbox.simulated_cloud import CLOUD, CONFIGURATION

_BUCKET = "aws:s3/bucket:Bucket"


@pytest.fixture
def provider(tmp_path: Path) -> Generator[provider_pb2_grpc.ResourceProviderStub]:
    inventory = Inventory(tmp_path / "inventory.sqlite")
    attach, servers = serve(CLOUD, inventory)
    ports = dict(part.rsplit(":", 1) for part in attach.split(","))
    with grpc.insecure_channel(f"127.0.0.1:{ports['aws']}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=encode(CONFIGURATION["aws"])))
        yield stub
    for server in servers:
        server.stop(grace=None).wait()
    inventory.close()


def test_an_update_keeps_what_it_does_not_change(provider: provider_pb2_grpc.ResourceProviderStub) -> None:
    urn = f"urn:pulumi:test::test::{_BUCKET}::bucket"
    old: Properties = {"bucket": "ml-artifacts", "tags": {"a": "b"}}
    created = provider.Create(provider_pb2.CreateRequest(urn=urn, properties=encode(old)))
    new: Properties = {"bucket": "ml-artifacts", "tags": {"a": "c"}}
    update = provider_pb2.UpdateRequest(
        id=created.id,
        urn=urn,
        olds=created.properties,
        old_inputs=encode(old),
        news=encode(new),
        preview=True,
    )
    outputs = decode(provider.Update(update).properties)
    assert outputs["bucket"] == "ml-artifacts"
    assert outputs["arn"] == "arn:aws:s3:::ml-artifacts"
    assert outputs["tags"] == {"a": "c"}
    assert outputs["tagsAll"] == UNKNOWN


def test_a_given_name_is_known_before_the_resource_is_made(provider: provider_pb2_grpc.ResourceProviderStub) -> None:
    urn = f"urn:pulumi:test::test::{_BUCKET}::bucket"
    request = provider_pb2.CreateRequest(urn=urn, properties=encode({"bucket": "ml-artifacts"}), preview=True)
    outputs = decode(provider.Create(request).properties)
    assert outputs["bucket"] == "ml-artifacts"
    assert outputs["arn"] == UNKNOWN
