"""What `network_storage` publishes: where data lives and how it is reached."""

import dataclasses
from collections.abc import Mapping

from pulumi import Output

from shared.contracts.stack_outputs import StackOutputs, output


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkStorageOutputs(StackOutputs, stack="network_storage"):
    """The network, its private DNS zones, and the storage account."""

    vnet_id: Output[str] = output("ARM id of the virtual network.")
    subnet_ids: Mapping[str, Output[str]] = output(
        "ARM ids of the subnets: private_endpoints, training; runner where there is one."
    )
    dns_zone_ids: Mapping[str, Output[str]] = output("ARM ids of the private DNS zones, by zone name.")
    storage_account_id: Output[str] = output("ARM id of the storage account.")
    storage_account_name: Output[str] = output("Name of the storage account.")
    blob_storage_account_url: Output[str] = output("Blob endpoint of the storage account.")
    container_names: Mapping[str, Output[str]] = output("Names of the containers: training_data, models, evaluation.")
