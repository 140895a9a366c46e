"""Ids that nobody knows before a subscription, an account or a repository exists."""

from shared.environment.errors import EnvironmentFileError
from shared.environment.model import Environment
from shared.environment.tiers import value_of

_CLOUD_IDS = ("azure.subscription_id", "azure.tenant_id", "aws.account_id")
_SUBJECT_IDS = ("github.organization_id", "github.repository_id")


def missing_ids(environment: Environment) -> tuple[str, ...]:
    """Return the dotted keys that are null and needed for a run on real clouds.

    GitHub's ids are part of the immutable subject, and of no other.
    """
    needed = _CLOUD_IDS + (_SUBJECT_IDS if environment.github.subject_style == "immutable" else ())
    return tuple(key for key in needed if value_of(environment, key) is None)


def require_ids(environment: Environment) -> None:
    """Check that every id is known. Raises EnvironmentFileError for the first that is null."""
    for key in missing_ids(environment):
        path = f"environments/{environment.name}.yaml"
        raise EnvironmentFileError(path=path, key=key, problem="is null", fix="fill it in before a real run")
