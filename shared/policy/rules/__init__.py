"""Rules of our own, for what no rule of Checkov covers."""

from collections.abc import Iterator, Sequence

from shared.environment.tiers import Tier
from shared.policy.finding import Verdict
from shared.policy.resource import Resource
from shared.policy.rules import (
    app_configuration,
    aws_roles,
    azure_firewalls,
    bucket_transport,
    custom_roles,
    development_values,
    endpoint_policies,
    github_trust,
    machine_learning,
    managed_policies,
    private_dns,
    role_assignments,
    security_groups,
    stored_data,
    training_jobs,
)
from shared.policy.rules.rule import Estate, Rule

RULES: tuple[Rule, ...] = (
    *app_configuration.RULES,
    *aws_roles.RULES,
    *azure_firewalls.RULES,
    *bucket_transport.RULES,
    *custom_roles.RULES,
    *development_values.RULES,
    *endpoint_policies.RULES,
    *github_trust.RULES,
    *machine_learning.RULES,
    *managed_policies.RULES,
    *private_dns.RULES,
    *role_assignments.RULES,
    *security_groups.RULES,
    *stored_data.RULES,
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
