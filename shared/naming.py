"""Names of resources: one pattern per kind, checked against the cloud's rules, never cut.

Every name is `<abbreviation>-<purpose>-<platform>-<environment>-<suffix>`. The suffix is four hex digits of a stable
hash of subscription or account, environment and generation: names that must be unique in the world are, and raising
`generation` escapes the name of a soft-deleted resource.
"""

import dataclasses
import hashlib

from shared.environment import Environment
from shared.name_rules import RULES, SUFFIX_LENGTH, NameRule, NameTooLongError, resource_name

__all__ = ["RULES", "NameRule", "NameTooLongError", "Names"]


@dataclasses.dataclass(frozen=True)
class Names:
    """The names of one environment's resources."""

    environment: Environment

    def of(self, kind: str, purpose: str = "") -> str:
        """Return the name of the resource of `kind` (a key of RULES) that serves `purpose`.

        Raises NameTooLongError, or ValueError where the purpose has no room or the name breaks the kind's pattern.
        """
        environment = self.environment
        return resource_name(
            kind, purpose, platform=environment.platform, environment=environment.name, suffix=self.suffix
        )

    @property
    def suffix(self) -> str:
        """Return the four hex digits that all names of this environment end in."""
        facts = [self.environment.azure.subscription_id, self.environment.aws.account_id]
        text = "/".join([*map(str, facts), self.environment.name, str(self.environment.generation)])
        return hashlib.sha256(text.encode()).hexdigest()[:SUFFIX_LENGTH]
