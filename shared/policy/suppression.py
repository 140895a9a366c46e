"""A finding that we live with, and why."""

import dataclasses
from fnmatch import fnmatchcase

from shared.environment.tiers import Tier
from shared.policy.errors import SuppressionError
from shared.policy.finding import Verdict

_WORDS_OF_A_REASON = 4

EVERYWHERE: frozenset[Tier] = frozenset({"sandbox", "development", "staging", "production"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Suppression:
    """Findings of one rule on some resources in environments of some tiers, with a reason and somebody who owns it.

    resources: a pattern for "type::logical name", as "azure-native:storage:StorageAccount::*".
    """

    check: str
    resources: str
    tiers: frozenset[Tier]
    reason: str
    owner: str

    def __post_init__(self) -> None:
        """Raise SuppressionError where it does not say what, where, why and whose it is."""
        wanted = {"check": self.check, "resources": self.resources, "owner": self.owner}
        problems = [
            f"suppression of {self.check or '?'} has no {name}" for name, text in wanted.items() if not text.strip()
        ]
        if "::" not in self.resources:
            problems.append(f"suppression of {self.check} names {self.resources!r}, not a pattern for type::name")
        if not self.tiers:
            problems.append(f"suppression of {self.check} names no tier")
        if len(self.reason.split()) < _WORDS_OF_A_REASON:
            problems.append(f"suppression of {self.check} gives no reason: write a sentence")
        if problems:
            raise SuppressionError(problems=problems)

    def covers(self, verdict: Verdict) -> bool:
        """Tell whether the verdict is about what this is about."""
        resource = verdict.resource
        return verdict.check == self.check and fnmatchcase(f"{resource.type}::{resource.name}", self.resources)
