"""Conditions under which a login may grant and take away roles.

The language is that of Microsoft's "Delegate Azure role assignment management to others with conditions" and "Azure
role assignment condition format and syntax". A new assignment's facts are in @Request, those of one to be deleted in
@Resource; an action that a condition does not name is not limited by it, so both are named.
"""

import dataclasses
from collections.abc import Sequence
from typing import Literal

import pulumi

from shared.components.azure_role import AzureRole

_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Delegation:
    """Roles that may be granted to certain principals. to: their object ids, all of one kind."""

    roles: Sequence[AzureRole]
    to: Sequence[pulumi.Input[str]]
    kind: Literal["ServicePrincipal", "Group"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownDelegation:
    """A delegation whose principals exist. roles and to: GUIDs."""

    roles: Sequence[str]
    to: Sequence[str]
    kind: str


def delegating(delegations: Sequence[Delegation]) -> pulumi.Output[str]:
    """Return the condition of these delegations, known when all their principals are."""
    return pulumi.Output.all(*(pulumi.Output.all(*one.to) for one in delegations)).apply(
        lambda found: condition(
            [
                KnownDelegation(roles=[role.guid for role in one.roles], to=principals, kind=one.kind)
                for one, principals in zip(delegations, found, strict=True)
            ]
        )
    )


def condition(delegations: Sequence[KnownDelegation]) -> str:
    """Return the text of a condition: the same for the same delegations, so that it shows no false change.

    Azure takes 8 KB of it ("FAQ for Azure role assignment conditions"), so each kind of principal is named once and not
    with each of them.
    """
    sources = {"write": "@Request", "delete": "@Resource"}
    kinds = sorted({one.kind for one in delegations})
    return " AND ".join(
        f"((!(ActionMatches{{'{_ASSIGNMENTS}/{action}'}})) OR "
        f"({' OR '.join(_of_kind(source, kind, delegations) for kind in kinds)}))"
        for action, source in sources.items()
    )


def _of_kind(source: str, kind: str, delegations: Sequence[KnownDelegation]) -> str:
    allowed = " OR ".join(_allowed(source, one) for one in delegations if one.kind == kind)
    return (
        f"({source}[{_ASSIGNMENTS}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'{kind}'}} "
        f"AND ({allowed}))"
    )


def _allowed(source: str, delegation: KnownDelegation) -> str:
    def one_of(attribute: str, values: Sequence[str]) -> str:
        return f"{source}[{_ASSIGNMENTS}:{attribute}] ForAnyOfAnyValues:GuidEquals {{{', '.join(sorted(values))}}}"

    return f"({one_of('RoleDefinitionId', delegation.roles)} AND {one_of('PrincipalId', delegation.to)})"
