"""Grants against their review: what is wider, what is narrower, in sentences."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from shared.environment import Environment
from shared.permissions.aws_policy import PolicyStatement
from shared.permissions.reviewed.model import ReviewedRole, ReviewedStatement
from shared.permissions.reviewed.when import holds

_FIX = "narrow it, or have it reviewed in shared/permissions/reviewed"


@dataclasses.dataclass(frozen=True, order=True)
class FoundRole:
    """A role assignment of a program, in the words of ReviewedRole."""

    to: str
    role: str
    on: str

    def __str__(self) -> str:
        """Return it as the part of a sentence."""
        return f"{self.to}: {self.role} on {self.on}"


def role_findings(environment: Environment, reviewed: Iterable[ReviewedRole], found: Iterable[FoundRole]) -> list[str]:
    """Return a sentence for each role that is granted and not reviewed, or reviewed and not granted."""
    expected = {FoundRole(one.to, one.role, one.on) for one in reviewed if holds(one.when, environment)}
    granted = set(found)
    name = environment.name
    return [
        *(f"{name}: {one} was not reviewed; {_FIX}" for one in sorted(granted - expected)),
        *(f"{name}: {one} is reviewed and not granted; remove its row" for one in sorted(expected - granted)),
    ]


def statement_findings(
    environment: Environment,
    policy: str,
    reviewed: Iterable[ReviewedStatement],
    found: Iterable[PolicyStatement],
) -> list[str]:
    """Return a sentence for each way in which a policy differs from its review. policy: its name."""
    expected = {one.sid: one for one in reviewed if holds(one.when, environment)}
    written = {one.sid: one for one in found}
    findings: list[str] = []
    for sid in sorted(expected.keys() | written.keys()):
        where = f"{environment.name}: {policy}, statement {sid}"
        if sid not in expected:
            findings.append(f"{where} was not reviewed; {_FIX}")
        elif sid not in written:
            findings.append(f"{where} is reviewed and not granted; remove its row")
        else:
            findings += [f"{where}: {text}" for text in _differences(expected[sid], written[sid])]
    return findings


def _differences(reviewed: ReviewedStatement, found: PolicyStatement) -> Iterator[str]:
    if reviewed.effect != found.effect:
        yield f"its effect is {found.effect}, not {reviewed.effect}; {_FIX}"
    for what in ("actions", "resources", "outside", "principals"):
        yield from _sets(what, set(getattr(reviewed, what)), set(getattr(found, what)))
    yield from _sets("conditions", _flat(reviewed.conditions), _flat(found.conditions))


def _sets(what: str, reviewed: set[str], found: set[str]) -> Iterator[str]:
    if found - reviewed:
        yield f"{what} that were not reviewed: {', '.join(sorted(found - reviewed))}; {_FIX}"
    if reviewed - found:
        yield f"{what} that are reviewed and not there: {', '.join(sorted(reviewed - found))}; {_FIX}"


def _flat(conditions: Mapping[str, Mapping[str, tuple[str, ...]]]) -> set[str]:
    return {
        f"{operator} {key} {' or '.join(sorted(values))}"
        for operator, tests in conditions.items()
        for key, values in tests.items()
    }
