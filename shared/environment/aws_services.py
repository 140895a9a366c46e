"""The AWS services of an environment: the training pipeline and its network."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.environment.networks import check_prefix, check_subnets
from shared.environment.section import Network, OneWay, Section, Text


class SagemakerNetwork(Section):
    """The VPC that pipeline jobs run in, without a way to the internet."""

    cidr: Network
    """Addresses of the VPC."""
    subnets: Annotated[Mapping[Literal["a", "b", "c"], Network], Field(min_length=2)]
    """Addresses of the private subnets, by availability zone."""

    @model_validator(mode="after")
    def _subnets_fit(self) -> Self:
        subnets = {f"subnets.{zone}": cidr for zone, cidr in self.subnets.items()}
        # Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet sizing".
        for key, cidr in {"cidr": self.cidr, **subnets}.items():
            check_prefix(key, cidr, shortest=16, longest=28)
        check_subnets("cidr", self.cidr, subnets)
        return self


class Sagemaker(Section):
    """The training pipeline on AWS."""

    network: SagemakerNetwork | None
    """The VPC of pipeline jobs; null for none (jobs keep network isolation)."""
    key_deletion_days: Annotated[int, Field(ge=7, le=30)]
    """Days between the deletion of the key and its end."""
    artifact_expiry_days: Annotated[int, Field(ge=1)] | None
    """Days that artifacts are kept; null for ever."""
    training_image: Text
    """ECR image of preprocessing, training and evaluation."""
    instance_type: Annotated[str, Field(pattern=r"^ml\.[a-z0-9.-]+$")]
    """Instance type of jobs."""
    minimum_auc: Annotated[float, Field(ge=0, le=1)]
    """A model below this area under the ROC curve is not registered."""
    start_on_new_data: bool
    """Start the pipeline when raw data arrives in the bucket."""
    object_lock_days: Annotated[Annotated[int, Field(ge=1, le=36500)] | None, OneWay]
    """Days that no version of an artifact can be deleted; null for none. Only when the bucket is created."""
