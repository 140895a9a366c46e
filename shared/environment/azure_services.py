"""The Azure services of an environment: logs, vaults, network, storage and the workspace."""

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
    """Addresses of clients and runners, and of compute where there is no managed network."""

    @model_validator(mode="after")
    def _subnets_fit(self) -> Self:
        subnets = {name: getattr(self, name) for name in ("private_endpoint_subnet", "training_subnet")}
        check_subnets("address_space", self.address_space, subnets)
        check_apart("address_space", self.address_space, "172.17.0.0/16", "container hosts")
        return self


class Storage(Section):
    """The storage account."""

    sku: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]
    """How data is replicated."""
    access: Annotated[Literal["private_endpoint", "service_endpoint"], OneWay]
    """How the network reaches the account: a private endpoint, or its public endpoint for one subnet only."""
    retention_days: Annotated[int, Field(ge=1, le=365)]
    """Days that deleted blobs and containers can be recovered."""


class Compute(Section):
    """The training cluster."""

    vm_size: Text
    """Azure VM size."""
    max_nodes: Annotated[int, Field(ge=1, le=100)]
    """Upper limit of nodes. The lower one is 0."""
    priority: Literal["Dedicated", "LowPriority"]
    """LowPriority is cheaper and can be taken away."""


class MlWorkspace(Section):
    """The Azure Machine Learning workspace."""

    isolation_mode: Annotated[Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"], OneWay]
    """Managed network. A one-way switch: it can be made stricter, never looser."""
    high_business_impact: Annotated[bool, OneWay]
    """Less diagnostic data for Microsoft. Only when the workspace is created."""
    container_registry_sku: Annotated[Literal["Basic", "Standard", "Premium"], OneWay]
    """Private endpoints, zone redundancy (only when the registry is created) and our own key need Premium."""
    configuration_sku: Annotated[Literal["free", "standard"], OneWay]
    """App Configuration. Private endpoints, soft delete and our own key need standard."""
    compute: Compute
    """The training cluster."""
    feature_flags: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], bool]
    """Feature flags in App Configuration, on or off."""
    settings: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9/-]*$")], str]
    """Model and pipeline settings in App Configuration. Never secrets."""
