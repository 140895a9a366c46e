"""The sandbox's process: serves the three simulated providers until nobody needs them any more.

Run as `python -m shared.sandbox.server INVENTORY SUBSCRIPTION TENANT ACCOUNT REGION`; the first line on standard output
is the value of PULUMI_DEBUG_PROVIDERS. Its standard input closes when the process that started it ends, in any way. A
cloud does not die with its client: what is under way then is finished, and engines that are attached are served until
they are gone, for a limited time. The inventory may have several servers at once.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Collection
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from shared.sandbox.catalog import CATALOGS
from shared.sandbox.changes_under_way import ChangesUnderWay
from shared.sandbox.errors import InventoryError
from shared.sandbox.faults.calls import FILE
from shared.sandbox.faults.errors import FaultsFileError
from shared.sandbox.faults.injection import FaultInjection, UnderWay
from shared.sandbox.faults.processes import Killer, anyone_at
from shared.sandbox.faults.source import FaultSource
from shared.sandbox.inventory import Inventory
from shared.sandbox.model import CloudIds
from shared.sandbox.provider import SimulatedProvider

_WORKERS = 256  # a slow operation holds one; threads are made when they are needed
_MESSAGE_LIMIT = 400 * 1024 * 1024  # the engine's own limit
_LONGEST_FAREWELL = 300.0
_LOOKS_AGAIN = 0.1


def serve(
    cloud: CloudIds, inventory: Inventory, injection: Callable[[str], FaultInjection] | None = None
) -> tuple[str, list[grpc.Server]]:
    """Start one server per provider on the loopback address.

    injection: the faults of the provider with that name; None for no faults at all.
    Returns the value of PULUMI_DEBUG_PROVIDERS, and the running servers.
    """
    ports: list[str] = []
    servers: list[grpc.Server] = []
    limits = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    for catalog in CATALOGS:
        around: list[grpc.ServerInterceptor] = [injection(catalog.provider)] if injection else []
        server = grpc.server(futures.ThreadPoolExecutor(_WORKERS), interceptors=around, options=limits)
        provider = SimulatedProvider(catalog, cloud, inventory)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
        ports.append(f"{catalog.provider}:{server.add_insecure_port('127.0.0.1:0')}")
        server.start()
        servers.append(server)
    return ",".join(ports), servers


def main() -> int:
    """Serve until standard input closes, and then until what is under way is finished."""
    logging.basicConfig(level=logging.WARNING)  # gRPC says nothing of a provider's crash otherwise
    path, subscription, tenant, account, region = sys.argv[1:]
    cloud = CloudIds(subscription_id=subscription, tenant_id=tenant, account_id=account, region=region)
    under_way, killer = UnderWay(), Killer.of(os.getppid())
    try:
        inventory = Inventory(Path(path))
        source = FaultSource(Path(path).with_name(FILE), inventory.fault_counts)
        source.now()
        changes = ChangesUnderWay(Path(path))
    except (InventoryError, FaultsFileError) as error:
        sys.stderr.write(f"{error}\n")
        return 2

    def injection(provider: str) -> FaultInjection:
        return FaultInjection(provider, source, killer, under_way, changes=changes)

    attach, servers = serve(cloud, inventory, injection)
    sys.stdout.write(f"{attach}\n")
    sys.stdout.flush()
    sys.stdin.read()
    ports = {int(one.rpartition(":")[2]) for one in attach.split(",")}
    if not finished(ports, under_way, _LONGEST_FAREWELL):
        sys.stderr.write(f"something was still under way after {_LONGEST_FAREWELL:.0f} s\n")
    for server in servers:
        server.stop(grace=None)
    inventory.close()
    return 0


def finished(ports: Collection[int], under_way: UnderWay, longest: float) -> bool:
    """Wait until nothing is under way and no engine is attached to the ports, at most `longest` seconds.

    Returns whether that is so.
    """
    latest = time.monotonic() + longest
    while anyone_at(ports) or not under_way.none_within(0):
        if time.monotonic() > latest:
            return False
        time.sleep(_LOOKS_AGAIN)
    return True


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # gRPC's threads need no farewell
