"""ARNs of what this environment has on AWS, as patterns: every name of ours ends in platform-environment-suffix."""

import dataclasses

from shared.components.github_subject import Role
from shared.environment import Environment
from shared.naming import Names


@dataclasses.dataclass(frozen=True)
class AwsArns:
    """Patterns of ARNs, made from names only, so that policies are known before anything exists."""

    environment: Environment

    @property
    def ours(self) -> str:
        """Return the pattern of every name of ours."""
        return f"*-{self.environment.platform}-{self.environment.name}-{Names(self.environment).suffix}"

    @property
    def bucket(self) -> str:
        """Return the pattern of our buckets."""
        return f"arn:aws:s3:::{self.ours}"

    @property
    def boundary(self) -> str:
        """Return the ARN of the permissions boundary."""
        return self._global("iam", f"policy/{Names(self.environment).of('iam_policy', 'boundary')}")

    @property
    def roles(self) -> str:
        """Return the pattern of our roles, the logins of GitHub among them."""
        return self._global("iam", f"role/{self.ours}")

    @property
    def logins(self) -> str:
        """Return the pattern of the logins of GitHub."""
        return self._global("iam", f"role/github/{self.ours}")

    def login(self, role: Role) -> str:
        """Return the ARN of one login of GitHub."""
        return self._global("iam", f"role/github/{Names(self.environment).of('iam_role', f'gha-{role}')}")

    @property
    def github_provider(self) -> str:
        """Return the ARN of the account's OIDC provider for GitHub, which follows from its URL."""
        return self.oidc_provider("token.actions.githubusercontent.com")

    @property
    def entra_provider(self) -> str:
        """Return the ARN of the account's OIDC provider for our Entra tenant."""
        return self.oidc_provider(f"login.microsoftonline.com/{self.environment.azure.tenant_id}/v2.0")

    @property
    def log_groups(self) -> tuple[str, ...]:
        """Return the patterns of our log groups, and of what lies in them.

        SageMaker's have fixed names; an account has one of each.
        """
        names = (self.ours, *(f"/aws/sagemaker/{kind}" for kind in ("TrainingJobs", "ProcessingJobs")))
        return tuple(self.regional("logs", f"log-group:{name}{inside}") for name in names for inside in ("", ":*"))

    def oidc_provider(self, host: str) -> str:
        """Return the ARN of the OIDC provider whose URL has this host and path."""
        return self._global("iam", f"oidc-provider/{host}")

    def regional(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in our region and account."""
        return f"arn:aws:{service}:{self.environment.aws.region}:{self.environment.aws.account_id}:{resource}"

    def _global(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}::{self.environment.aws.account_id}:{resource}"
