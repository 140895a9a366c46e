"""What a rule says about a resource."""

import dataclasses
from typing import Literal

from shared.policy.resource import Resource

Result = Literal["passed", "failed"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """One rule's answer about one resource. check: the rule's id; what: its title; fix: where to look or what to do."""

    check: str
    what: str
    result: Result
    resource: Resource
    fix: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """A broken rule. name: the resource's logical name; place: the line of the program, empty where nobody knows."""

    check: str
    what: str
    stack: str
    name: str
    type: str
    urn: str
    place: str
    fix: str


def finding_of(verdict: Verdict) -> Finding:
    """Return a failed verdict as a finding."""
    resource = verdict.resource
    return Finding(
        check=verdict.check,
        what=verdict.what,
        stack=resource.stack,
        name=resource.name,
        type=resource.type,
        urn=resource.urn,
        place=resource.place,
        fix=verdict.fix,
    )
