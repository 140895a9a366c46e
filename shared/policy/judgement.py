"""From verdicts and suppressions to one judgement of an environment."""

import dataclasses
from collections.abc import Iterable, Sequence

from shared.environment.tiers import Tier
from shared.policy.finding import Finding, Verdict, finding_of
from shared.policy.resource import Resource
from shared.policy.suppression import Suppression

STALE = "MLP_SUPPRESSION"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Suppressed:
    """A finding that is lived with."""

    finding: Finding
    suppression: Suppression


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotJudged:
    """A type that no rule says anything about. names: the logical names of its resources, with their stacks."""

    type: str
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the gate found. passed: how many times a rule was kept."""

    findings: tuple[Finding, ...]
    passed: int
    suppressed: tuple[Suppressed, ...]
    not_judged: tuple[NotJudged, ...]


def judgement_of(
    resources: Sequence[Resource], verdicts: Iterable[Verdict], suppressions: Iterable[Suppression], *, tier: Tier
) -> Judgement:
    """Judge: the same rule in two frameworks counts once for a resource, and one failure of the two is a failure.

    A suppression that meant this tier and suppressed nothing is a finding too: what it was for is gone.
    """
    one_each = _one_each(verdicts)
    failed = [verdict for verdict in one_each if verdict.result == "failed"]
    meant = [one for one in suppressions if tier in one.tiers]
    covering = [(verdict, next((one for one in meant if one.covers(verdict)), None)) for verdict in failed]
    stale = [one for one in meant if not any(one.covers(verdict) for verdict in failed)]
    return Judgement(
        findings=_sorted([*(finding_of(verdict) for verdict, by in covering if by is None), *map(_stale, stale)]),
        passed=len(one_each) - len(failed),
        suppressed=tuple(Suppressed(finding=finding_of(one), suppression=by) for one, by in covering if by is not None),
        not_judged=_not_judged(resources, one_each),
    )


def _one_each(verdicts: Iterable[Verdict]) -> list[Verdict]:
    found: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        key = (verdict.check, verdict.resource.urn)
        if key not in found or verdict.result == "failed":
            found[key] = verdict
    return list(found.values())


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.stack, one.name, one.check)))


def _stale(suppression: Suppression) -> Finding:
    return Finding(
        check=STALE,
        what=f"the suppression of {suppression.check} on {suppression.resources} suppresses nothing here",
        stack="",
        name=suppression.resources,
        type="",
        urn="",
        place="shared/policy/suppressions.py",
        fix=f"take it away, or take the tier away from it ({suppression.owner} owns it)",
    )


def _not_judged(resources: Sequence[Resource], verdicts: Iterable[Verdict]) -> tuple[NotJudged, ...]:
    judged = {verdict.resource.urn for verdict in verdicts}
    names: dict[str, list[str]] = {}
    for resource in resources:
        if resource.urn not in judged:
            names.setdefault(resource.type, []).append(f"{resource.stack}/{resource.name}")
    return tuple(NotJudged(type=type_, names=tuple(sorted(found))) for type_, found in sorted(names.items()))
