"""Where this stack is deployed to, and how its resources are named and tagged."""

import dataclasses

import pulumi

from shared import tags
from shared.environment import Environment
from shared.naming import Names


@dataclasses.dataclass(frozen=True)
class Setting:
    """The environment, as this stack sees it."""

    environment: Environment

    @property
    def account(self) -> str:
        """Return the AWS account id. Raises pulumi.RunError where the environment does not know it yet."""
        account = self.environment.aws.account_id
        if account is None:
            name = self.environment.name
            raise pulumi.RunError(f"environments/{name}.yaml: aws.account_id is null; fill it in before a real run")
        return account

    @property
    def region(self) -> str:
        """Return the AWS region."""
        return self.environment.aws.region

    @property
    def names(self) -> Names:
        """Return the names of the environment's resources."""
        return Names(self.environment)

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every resource of this stack."""
        return tags.tags(self.environment, "sagemaker")

    @property
    def artifact_bucket(self) -> str:
        """Return the name of the bucket of data, definitions and models: known before the bucket exists."""
        return self.names.of("s3_bucket", "artifacts")

    @property
    def artifact_bucket_arn(self) -> str:
        """Return the ARN of that bucket, for the policies that must exist before it."""
        return f"arn:aws:s3:::{self.artifact_bucket}"

    @property
    def model_package_group(self) -> str:
        """Return the name of the group that models are registered in."""
        return self.names.of("model_package_group")

    @property
    def flow_logs(self) -> bool:
        """Return whether the traffic of the jobs' VPC is logged."""
        return self.environment.logs.flow_logs and self.environment.sagemaker.network is not None

    @property
    def flow_log_group(self) -> str:
        """Return the name of the log group of that traffic."""
        return self.names.of("log_group", "flow")

    @property
    def start_rule(self) -> str:
        """Return the name of the rule that starts the pipeline."""
        return self.names.of("event_rule", "new-data")

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of `service` in this region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
