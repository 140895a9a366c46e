"""The model of an environment file: every fact in which dev, staging, prod and the sandbox differ.

Sections 1 and 6 of the reference architecture (docs/adr/0006) give the values. Unknown keys, wrong types and
impossible combinations are refused.
"""

import datetime
import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Region = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]+$", examples=["westeurope"])]
AwsRegion = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", examples=["eu-west-1"])]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
Network = Annotated[str, Field(examples=["10.40.0.0/16"])]


class Section(BaseModel):
    """A frozen section of an environment file that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class State(Section):
    """Where the state of this environment lives, and what encrypts the secrets in it."""

    backend: Annotated[str, Field(pattern=r"^(file|s3|azblob)://")]
    """Pulumi backend URL. The sandbox keeps its state under the state folder instead (`--state`)."""
    secrets_provider: Annotated[str, Field(pattern=r"^(passphrase$|awskms://|azurekeyvault://)")]
    """Pulumi secrets provider. `passphrase` is for the sandbox only."""


class Azure(Section):
    """Which Azure subscription is meant."""

    location: Region
    """Azure region of every resource."""
    tenant_id: UUID | None
    """Entra tenant; null until it is known."""
    subscription_id: UUID | None
    """Subscription; null until it is known."""


class Aws(Section):
    """Which AWS account is meant."""

    region: AwsRegion
    """AWS region of every resource."""
    account_id: Annotated[str, Field(pattern=r"^\d{12}$")] | None
    """Account; null until it is known. Quote it: it may begin with 0."""
    create_github_provider: bool
    """Whether this environment creates the account's one OIDC provider for GitHub, or uses the existing one."""


class GitHub(Section):
    """The repository whose workflows deploy this environment."""

    organization: str
    """Owner of the repository."""
    organization_id: int | None
    """Numeric id of the owner; needed for the immutable subject style."""
    repository: str
    """Name of the repository."""
    repository_id: int | None
    """Numeric id of the repository."""
    subject_style: Literal["classic", "immutable"]
    """Form of the OIDC subject: repositories created since 2026-07-15 send the immutable one."""

    @model_validator(mode="after")
    def _immutable_subjects_need_ids(self) -> Self:
        if self.subject_style == "immutable" and None in (self.organization_id, self.repository_id):
            raise ValueError("subject_style immutable needs organization_id and repository_id")
        return self


class Protection(Section):
    """What keeps stateful resources from being deleted by mistake."""

    deletion: bool
    """Pulumi refuses to delete stateful resources."""
    locks: bool
    """Azure management locks on what must never go."""
    purge: bool
    """Soft-deleted vaults and stores cannot be purged early. Irreversible once on."""


class Logs(Section):
    """Log Analytics."""

    retention_days: Annotated[int, Field(ge=30, le=730)]
    """Days that logs are kept."""
    daily_cap_gb: Annotated[float, Field(gt=0)] | None
    """Upper limit of ingestion per day; null for none."""


class Secret(Section):
    """A secret in the ML vault. Its value is a secret of the key_vault stack's configuration, under the same name."""

    content_type: str
    """What the value is, for people."""
    expires: datetime.date
    """Day from which the secret is no longer valid."""


class KeyVault(Section):
    """Vaults, keys and secrets."""

    customer_managed_key: bool
    """Encrypt storage, registry and configuration with a key of ours, in a vault of its own."""
    hardware_keys: bool
    """Keep that key in a hardware security module (premium vault)."""
    soft_delete_days: Annotated[int, Field(ge=7, le=90)]
    """Days that a deleted vault can be recovered. Fixed once a vault exists."""
    secrets: Mapping[Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{1,127}$")], Secret]
    """Secrets in the ML vault, by name."""


class VirtualNetwork(Section):
    """The virtual network on Azure."""

    address_space: Network
    """Addresses of the virtual network. Not 172.17.0.0/16, which container hosts use."""
    private_endpoint_subnet: Network
    """Addresses of private endpoints, inside address_space."""
    training_subnet: Network
    """Addresses of clients and runners, and of compute where there is no managed network."""

    @field_validator("*")
    @classmethod
    def _is_a_network(cls, value: str) -> str:
        return _network(value)

    @model_validator(mode="after")
    def _subnets_fit(self) -> Self:
        subnets = {name: getattr(self, name) for name in ("private_endpoint_subnet", "training_subnet")}
        _check_subnets("address_space", self.address_space, subnets)
        if ipaddress.ip_network(self.address_space).overlaps(ipaddress.ip_network("172.17.0.0/16")):
            raise ValueError("address_space overlaps 172.17.0.0/16, which container hosts use")
        return self


class Storage(Section):
    """The storage account."""

    sku: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]
    """How data is replicated."""
    access: Literal["private_endpoint", "service_endpoint"]
    """How the network reaches the account: a private endpoint, or its public endpoint for one subnet only."""
    retention_days: Annotated[int, Field(ge=1, le=365)]
    """Days that deleted blobs and containers can be recovered."""


class Compute(Section):
    """The training cluster."""

    vm_size: str
    """Azure VM size."""
    max_nodes: Annotated[int, Field(ge=1, le=100)]
    """Upper limit of nodes. The lower one is 0."""
    priority: Literal["Dedicated", "LowPriority"]
    """LowPriority is cheaper and can be taken away."""


class MlWorkspace(Section):
    """The Azure Machine Learning workspace."""

    isolation_mode: Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"]
    """Managed network. A one-way switch: it can be made stricter, never looser."""
    high_business_impact: bool
    """Less diagnostic data for Microsoft. Only when the workspace is created."""
    container_registry_sku: Literal["Basic", "Standard", "Premium"]
    """Private endpoints need Premium."""
    configuration_sku: Literal["free", "standard"]
    """App Configuration. Private endpoints and soft delete need standard."""
    compute: Compute
    """The training cluster."""
    feature_flags: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], bool]
    """Feature flags in App Configuration, on or off."""
    settings: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9/-]*$")], str]
    """Model and pipeline settings in App Configuration. Never secrets."""


class SagemakerNetwork(Section):
    """The VPC that pipeline jobs run in, without a way to the internet."""

    cidr: Network
    """Addresses of the VPC."""
    subnets: Annotated[Mapping[Literal["a", "b", "c"], Network], Field(min_length=2)]
    """Addresses of the private subnets, by availability zone."""

    @model_validator(mode="after")
    def _subnets_fit(self) -> Self:
        _network(self.cidr)
        _check_subnets("cidr", self.cidr, {f"subnets.{zone}": _network(cidr) for zone, cidr in self.subnets.items()})
        return self


class Sagemaker(Section):
    """The training pipeline on AWS."""

    network: SagemakerNetwork | None
    """The VPC of pipeline jobs; null for none (jobs keep network isolation)."""
    key_deletion_days: Annotated[int, Field(ge=7, le=30)]
    """Days between the deletion of the key and its end."""
    artifact_expiry_days: Annotated[int, Field(ge=1)] | None
    """Days that artifacts are kept; null for ever."""
    training_image: str
    """ECR image of preprocessing, training and evaluation."""
    instance_type: Annotated[str, Field(pattern=r"^ml\.")]
    """Instance type of jobs."""
    minimum_auc: Annotated[float, Field(ge=0, le=1)]
    """A model below this area under the ROC curve is not registered."""


class Tags(Section):
    """Tags on every resource."""

    owner: str
    """Team that answers for the environment."""
    cost_center: str
    """Who pays."""


class Environment(Section):
    """Everything in which one environment differs from another. The file's name is the environment's name."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, title="Environment")

    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,3}$")]
    """Short name of the platform, part of every resource name: 2 to 4 characters."""
    generation: Annotated[int, Field(ge=1)]
    """Part of the hash in names. Raise it to escape the name of a soft-deleted resource."""
    simulated: bool
    """Whether this environment exists only on the sandbox."""
    tags: Tags
    state: State
    azure: Azure
    aws: Aws
    github: GitHub
    protection: Protection
    logs: Logs
    key_vault: KeyVault
    virtual_network: VirtualNetwork
    storage: Storage
    ml_workspace: MlWorkspace
    sagemaker: Sagemaker

    name: Annotated[str, Field(exclude=True)] = ""
    """The environment's name. Given by the file's name, not by a key."""

    @property
    def private_endpoints(self) -> bool:
        """Whether Azure services are reached through private endpoints only."""
        return self.storage.access == "private_endpoint"

    @model_validator(mode="after")
    def _services_fit_private_endpoints(self) -> Self:
        if self.private_endpoints and self.ml_workspace.container_registry_sku != "Premium":
            raise ValueError("ml_workspace.container_registry_sku: private endpoints need Premium")
        if self.private_endpoints and self.ml_workspace.configuration_sku != "standard":
            raise ValueError("ml_workspace.configuration_sku: private endpoints need standard")
        return self


def _network(value: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+\.\d+/\d+", value):
        raise ValueError(f"{value!r} is not a network such as 10.40.0.0/16")
    ipaddress.ip_network(value)
    return value


def _check_subnets(parent_key: str, parent: str, subnets: Mapping[str, str]) -> None:
    whole = ipaddress.IPv4Network(parent)
    seen: dict[str, ipaddress.IPv4Network] = {}
    for key, cidr in subnets.items():
        subnet = ipaddress.IPv4Network(cidr)
        if not subnet.subnet_of(whole):
            raise ValueError(f"{key} {cidr} lies outside {parent_key} {parent}")
        for other, known in seen.items():
            if subnet.overlaps(known):
                raise ValueError(f"{key} {cidr} overlaps {other} {known}")
        seen[key] = subnet
