"""Azure Machine Learning and its configuration, as an environment wants them."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.environment.places import Region
from shared.environment.section import OneWay, Section, Text, broken


class Compute(Section):
    """The training cluster."""

    vm_size: Text
    """Azure VM size."""
    max_nodes: Annotated[int, Field(ge=1, le=100)]
    """Upper limit of nodes. The lower one is 0."""
    priority: Literal["Dedicated", "LowPriority"]
    """LowPriority is cheaper and can be taken away."""


class Deployment(Section):
    """A model behind the online endpoint from the first day. Later ones belong to the release of a model."""

    model: Text
    """The model: azureml://registries/... of a registry, or azureml:NAME:VERSION of this workspace."""
    environment: Text
    """The environment that runs it, named like the model."""
    instance_type: Text
    """Azure VM size."""
    instance_count: Annotated[int, Field(ge=1, le=50)]
    """Instances. Three or more are spread over zones."""
    code: Text | None = None
    """Code asset with the scoring script, named like the model; null where the model brings its own (MLflow)."""
    scoring_script: Text | None = None
    """The script in it that answers requests."""

    @model_validator(mode="after")
    def _code_has_a_script(self) -> Self:
        if (self.code is None) != (self.scoring_script is None):
            missing = "code" if self.code is None else "scoring_script"
            raise broken(missing, "code and scoring_script belong together", "give both, or neither")
        return self


def _as_tuple(value: object) -> object:
    """Return a list of a YAML file as a tuple: strict models take no lists for tuples."""
    return tuple(value) if isinstance(value, list) else value


Regions = Annotated[tuple[Region, ...], BeforeValidator(_as_tuple)]


class MlWorkspace(Section):
    """The Azure Machine Learning workspace."""

    isolation_mode: Annotated[Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"], OneWay]
    """Managed network. A one-way switch: it can be made stricter, never looser."""
    high_business_impact: Annotated[bool, OneWay]
    """Less diagnostic data for Microsoft. Only when the workspace is created."""
    container_registry_sku: Annotated[Literal["Basic", "Standard", "Premium"], OneWay]
    """Private endpoints, zone redundancy (only when the registry is created) and our own key need Premium."""
    configuration_sku: Annotated[Literal["free", "standard"], OneWay]
    """App Configuration. Private endpoints, replicas, soft delete and our own key need standard."""
    configuration_replicas: Regions
    """Further regions that answer when the store's own does not. Each costs as much as the store."""
    policy_enforcement: Literal["Default", "DoNotEnforce"]
    """Whether Azure Policy refuses what its rules for machine learning forbid, or only reports it."""
    compute: Compute
    """The training cluster."""
    deployment: Deployment | None
    """A model behind the online endpoint; null for none: an endpoint without deployments is free."""
    feature_flags: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], bool]
    """Feature flags in App Configuration, on or off."""
    settings: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9/-]*$")], str]
    """Model and pipeline settings in App Configuration. Never secrets."""
