"""The sandbox's process: serves the three simulated providers until its standard input closes.

Run as `python -m shared.sandbox.server INVENTORY SUBSCRIPTION TENANT ACCOUNT REGION`; the first line on standard output
is the value of PULUMI_DEBUG_PROVIDERS.
"""

import os
import sys
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from shared.sandbox.catalog import CATALOGS
from shared.sandbox.errors import InventoryError
from shared.sandbox.inventory import Inventory
from shared.sandbox.model import CloudIds
from shared.sandbox.provider import SimulatedProvider

_WORKERS = 32
_MESSAGE_LIMIT = 400 * 1024 * 1024  # the engine's own limit


def serve(cloud: CloudIds, inventory: Inventory) -> tuple[str, list[grpc.Server]]:
    """Start one server per provider on the loopback address.

    Returns the value of PULUMI_DEBUG_PROVIDERS, and the running servers.
    """
    ports: list[str] = []
    servers: list[grpc.Server] = []
    limits = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    for catalog in CATALOGS:
        server = grpc.server(futures.ThreadPoolExecutor(_WORKERS), options=limits)
        provider = SimulatedProvider(catalog, cloud, inventory)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
        ports.append(f"{catalog.provider}:{server.add_insecure_port('127.0.0.1:0')}")
        server.start()
        servers.append(server)
    return ",".join(ports), servers


def main() -> int:
    """Serve until standard input closes, which it does when the process that started this one ends."""
    path, subscription, tenant, account, region = sys.argv[1:]
    cloud = CloudIds(subscription_id=subscription, tenant_id=tenant, account_id=account, region=region)
    try:
        inventory = Inventory(Path(path))
    except InventoryError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    attach, servers = serve(cloud, inventory)
    sys.stdout.write(f"{attach}\n")
    sys.stdout.flush()
    sys.stdin.read()
    for server in servers:
        server.stop(grace=None)
    inventory.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # gRPC's threads need no farewell
