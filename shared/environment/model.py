"""The model of an environment file: every fact in which dev, staging, prod and the sandbox differ.

The tables of docs/adr/0006 give the values. Unknown keys, wrong types and impossible combinations are refused.
"""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from shared.environment.aws_services import Sagemaker, SagemakerNetwork
from shared.environment.azure_services import KeyVault, Logs, Storage, VirtualNetwork
from shared.environment.machine_learning import MlWorkspace
from shared.environment.places import Aws, Azure, GitHub, Protection, State, Tags
from shared.environment.section import Section, broken
from shared.environment.tiers import Tier, check_tier
from shared.name_rules import NameTooLongError, arithmetic, check_room

__all__ = ["Environment", "SagemakerNetwork"]


class Environment(Section):
    """Everything in which one environment differs from another. The file's name is the environment's name."""

    model_config = ConfigDict(title="Environment")

    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,3}$")]
    """Short name of the platform, part of every resource name: 2 to 4 characters."""
    generation: Annotated[int, Field(ge=1, le=9999)]
    """Part of the hash in names. Raise it to escape the name of a soft-deleted resource."""
    tier: Tier
    """How strict the checks of this file are: production refuses every development-only value."""
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

    # A field, as validators need it; not a key of the file, so not in the schema.
    name: Annotated[SkipJsonSchema[str], Field(exclude=True)] = ""
    """The environment's name. Given by the file's name, not by a key."""

    @property
    def private_endpoints(self) -> bool:
        """Whether Azure services are reached through private endpoints only."""
        return self.storage.access == "private_endpoint"

    @model_validator(mode="after")
    def _services_fit_together(self) -> Self:
        workspace = self.ml_workspace
        if self.private_endpoints and workspace.container_registry_sku != "Premium":
            raise broken("ml_workspace.container_registry_sku", "private endpoints need Premium", "use Premium")
        if self.private_endpoints and workspace.configuration_sku != "standard":
            raise broken("ml_workspace.configuration_sku", "private endpoints need standard", "use standard")
        if workspace.configuration_replicas and workspace.configuration_sku != "standard":
            raise broken("ml_workspace.configuration_sku", "replicas need standard", "use standard, or no replicas")
        for region in workspace.configuration_replicas:
            if region == self.azure.location or workspace.configuration_replicas.count(region) > 1:
                problem = f"{region} has the store or a replica already"
                raise broken("ml_workspace.configuration_replicas", problem, "name each further region once")
        return self

    @model_validator(mode="after")
    def _encryption_keys_outlive_mistakes(self) -> Self:
        """Refuse a key of ours without purge protection.

        Microsoft, "Customer-managed keys for Azure Storage encryption": the vault needs soft delete and purge
        protection. The sandbox's vaults do not hold data, and must be thrown away.
        """
        if self.key_vault.customer_managed_key and not self.protection.purge and not self.simulated:
            raise broken("protection.purge", "a key of ours needs it", "set it to true")
        return self

    @model_validator(mode="after")
    def _tier_allows_switches(self) -> Self:
        check_tier(self.tier, self)
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        try:
            check_room(self.platform, self.name)
        except NameTooLongError as error:
            sum_ = arithmetic(error.parts, len(error.name))
            problem = f"makes a {error.kind} name of {sum_} characters, and {error.limit} are allowed"
            fix = f"shorten platform or the file's name by {len(error.name) - error.limit}"
            raise broken("platform", problem, fix) from None
        return self
