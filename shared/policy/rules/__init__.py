"""Rules of our own, for what no rule of Checkov covers."""

from collections.abc import Iterator, Sequence

from shared.environment.tiers import Tier
from shared.policy.finding import Verdict
from shared.policy.resource import Resource
from shared.policy.rules import (
    app_configuration,
    development_values,
    github_trust,
    managed_policies,
    private_dns,
    role_assignments,
    training_jobs,
)
from shared.policy.rules.rule import Estate, Rule

RULES: tuple[Rule, ...] = (
    *app_configuration.RULES,
    *development_values.RULES,
    *github_trust.RULES,
    *managed_policies.RULES,
    *private_dns.RULES,
    *role_assignments.RULES,
    *training_jobs.RULES,
)


def own_verdicts(resources: Sequence[Resource], tier: Tier) -> Iterator[Verdict]:
    """Yield what our rules say about the resources of an environment of a tier."""
    estate = Estate(resources=tuple(resources), tier=tier)
    for resource in resources:
        for rule in RULES:
            if resource.type in rule.types and tier in rule.tiers:
                problem = rule.problem(resource, estate)
                yield Verdict(
                    check=rule.id,
                    what=problem or rule.title,
                    result="failed" if problem else "passed",
                    resource=resource,
                    fix=rule.fix,
                )
