"""The sandbox's process when nobody needs it any more, in whatever way that came about."""

import socket
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from shared.environment import load
from shared.sandbox import process as process_module
from shared.sandbox.faults.injection import UnderWay
from shared.sandbox.inventory import Inventory
from shared.sandbox.process import running_sandbox
from shared.sandbox.server import finished
from tests.sandbox.faults_file import write_faults
from tests.sandbox.patience import LONGEST, until
from tests.sandbox.simulated_cloud import CLOUD, attached

GROUP = "azure-native:resources:ResourceGroup"


def inputs(name: str) -> dict[str, str]:
    return {"resourceGroupName": name, "location": "westeurope"}


def live(inventory: Inventory) -> list[str]:
    return sorted(one.id.rpartition("/")[2] for one in inventory.all())


@contextmanager
def server(state: Path) -> Generator[tuple["subprocess.Popen[str]", str]]:
    """Run the sandbox's process. Its standard input closes as it does where the orchestrator dies."""
    ids = [CLOUD.subscription_id, CLOUD.tenant_id, CLOUD.account_id, CLOUD.region]
    with subprocess.Popen(
        [sys.executable, "-m", "shared.sandbox.server", str(state / "inventory.sqlite"), *ids],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        try:
            yield running, running.stdout.readline().strip()
        finally:
            running.kill()


def aws_port(variables: dict[str, str]) -> int:
    return int(dict(one.split(":") for one in variables["PULUMI_DEBUG_PROVIDERS"].split(","))["aws"])


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def dies(running: "subprocess.Popen[str]") -> None:
    assert running.stdin
    running.stdin.close()


@pytest.fixture
def inventory(tmp_path: Path) -> Generator[Inventory]:
    found = Inventory(tmp_path / "inventory.sqlite")
    yield found
    found.close()


def test_engines_that_are_attached_are_served_until_they_are_gone(tmp_path: Path, inventory: Inventory) -> None:
    write_faults(tmp_path, latency={"scale": 1, "seconds": {GROUP: {"create": 0.5}}})
    with server(tmp_path) as (running, attach):
        with attached(attach, inventory) as cloud:
            slow = cloud.begin(GROUP, inputs("slow"))
            until(lambda: live(inventory) == ["slow"])  # it is made, and its wait goes on
            dies(running)
            assert slow.result(LONGEST).id
            assert cloud.create(GROUP, inputs("later")).id
            assert running.poll() is None
        assert running.wait(LONGEST) == 0
    assert live(inventory) == ["later", "slow"]


def test_what_is_under_way_is_finished_though_nobody_is_left(tmp_path: Path, inventory: Inventory) -> None:
    write_faults(tmp_path, latency={"scale": 1, "before": 1, "seconds": {GROUP: {"create": 1}}})
    with server(tmp_path) as (running, attach):
        with attached(attach, inventory) as cloud:
            asked = cloud.begin(GROUP, inputs("slow"))
            with pytest.raises(grpc.FutureTimeoutError):
                asked.result(0.3)
            asked.cancel()
        dies(running)
        assert live(inventory) == []
        assert running.wait(LONGEST) == 0
    assert live(inventory) == ["slow"]


def test_the_farewell_has_an_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert finished({port}, UnderWay(), 0)
        with socket.create_connection(("127.0.0.1", port)):
            assert not finished({port}, UnderWay(), 0)
    under_way = UnderWay()
    with under_way:
        assert not finished(set(), under_way, 0)


def test_who_started_it_leaves_it_to_what_it_has_to_finish(
    tmp_path: Path, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "_FAREWELL_SECONDS", 0.1)
    write_faults(tmp_path, {"operation": "configure", "hang": True})
    with running_sandbox(tmp_path / "inventory.sqlite", load("sandbox")) as variables:
        port = aws_port(variables)
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        configure: Any = provider_pb2_grpc.ResourceProviderStub(channel).Configure
        hanging = configure.future(provider_pb2.ConfigureRequest())
        until(lambda: bool(inventory.fault_counts.all()))
    assert not hanging.done()
    assert listens(port)
    channel.close()
    until(lambda: not listens(port))


def test_two_servers_over_one_inventory_are_safe(tmp_path: Path, inventory: Inventory) -> None:
    with (
        server(tmp_path) as (_, first),
        server(tmp_path) as (_, second),
        attached(first, inventory) as old,
        attached(second, inventory) as new,
        ThreadPoolExecutor(8) as pool,
    ):
        names = [f"rg{number:02}" for number in range(20)]
        asked = [
            pool.submit(cloud.begin(GROUP, inputs(name)).exception, LONGEST) for name in names for cloud in (old, new)
        ]
        refused = [one.result() for one in asked if one.result() is not None]
    assert live(inventory) == names
    assert len(refused) == len(names)  # each was asked for at both, and made once
    assert len({one.serial for one in inventory.all()}) == len(names)


def test_much_that_it_complains_about_blocks_nothing_and_is_kept(tmp_path: Path) -> None:
    with (
        running_sandbox(tmp_path / "inventory.sqlite", load("sandbox")) as variables,
        grpc.insecure_channel(f"127.0.0.1:{aws_port(variables)}") as channel,
    ):
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        for _ in range(100):
            with pytest.raises(grpc.RpcError):
                stub.Read(provider_pb2.ReadRequest(urn="no urn"), timeout=LONGEST)
    log = (tmp_path / "sandbox.log").read_text(encoding="utf-8")
    assert len(log) > 2**16  # more than a pipe holds
    assert "not enough values to unpack" in log
