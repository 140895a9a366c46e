"""The Azure services of an environment: logs, vaults, network and storage."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.environment.networks import check_apart, check_subnets
from shared.environment.section import Network, OneWay, Section, Text, broken


class Logs(Section):
    """Log Analytics."""

    retention_days: Annotated[int, Field(ge=30, le=730)]
    """Days that logs are kept."""
    daily_cap_gb: Annotated[float, Field(gt=0)] | None
    """Upper limit of ingestion per day; null for none."""
    flow_logs: bool
    """Log which addresses talk to which, in the networks of both clouds."""


class Secret(Section):
    """A secret in the ML vault. Its value is a secret of the key_vault stack's configuration, under the same name."""

    content_type: Text
    """What the value is, for people."""
    expires: datetime.date
    """Day from which the secret is no longer valid."""


class KeyVault(Section):
    """Vaults, keys and secrets."""

    customer_managed_key: Annotated[bool, OneWay]
    """Encrypt storage with a key of ours, in a vault of its own."""
    hardware_keys: Annotated[bool, OneWay]
    """Keep that key in a hardware security module (premium vault)."""
    soft_delete_days: Annotated[int, Field(ge=7, le=90), OneWay]
    """Days that a deleted vault can be recovered. Fixed once a vault exists."""
    secrets: Mapping[Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{1,127}$")], Secret]
    """Secrets in the ML vault, by name."""

    @model_validator(mode="after")
    def _hardware_keys_are_ours(self) -> Self:
        if self.hardware_keys and not self.customer_managed_key:
            raise broken("hardware_keys", "there is no key to keep in hardware", "set customer_managed_key to true")
        return self


class VirtualNetwork(Section):
    """The virtual network on Azure."""

    address_space: Network
    """Addresses of the virtual network. Not 172.17.0.0/16, which container hosts use."""
    private_endpoint_subnet: Network
    """Addresses of private endpoints, inside address_space."""
    training_subnet: Network
    """Addresses of clients, and of compute where there is no managed network."""
    runner_subnet: Network | None
    """Addresses of self-hosted runners, which reach the internet through a NAT gateway; null for none."""

    @model_validator(mode="after")
    def _subnets_fit(self) -> Self:
        names = ("private_endpoint_subnet", "training_subnet", "runner_subnet")
        subnets = {name: cidr for name in names if (cidr := getattr(self, name)) is not None}
        check_subnets("address_space", self.address_space, subnets)
        check_apart("address_space", self.address_space, "172.17.0.0/16", "container hosts")
        return self


class Storage(Section):
    """The storage account."""

    sku: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]
    """How data is replicated. Zones (ZRS, GZRS) only when the account is created, or by a conversion in Azure."""
    access: Annotated[Literal["private_endpoint", "service_endpoint"], OneWay]
    """How the network reaches the account: a private endpoint, or its public endpoint for one subnet only."""
    retention_days: Annotated[int, Field(ge=1, le=365)]
    """Days that deleted blobs and containers can be recovered."""
