"""Whether Azure lets an identity do something: its assignments, their scopes and conditions.

Microsoft's "What is Azure role-based access control": an assignment counts at its scope and below it; assignments add
up; a condition takes away from its own assignment only.
"""

import dataclasses
from collections.abc import Iterable, Mapping

from shared.permissions.azure_roles import RoleDefinition
from shared.permissions.role_condition import Asked, condition_test


@dataclasses.dataclass(frozen=True, kw_only=True)
class Assignment:
    """A role at a scope. scope: an ARM id; condition: in the language of role_condition, or none."""

    role: RoleDefinition
    scope: str
    condition: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class AzureRequest:
    """One action on one resource. data: of the service, not of ARM; attributes: what conditions look at."""

    action: str
    scope: str
    data: bool = False
    attributes: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


def azure_allows(assignments: Iterable[Assignment], request: AzureRequest) -> bool:
    """Tell whether one of the assignments allows the request."""
    return any(_allows(assignment, request) for assignment in assignments)


def _allows(assignment: Assignment, request: AzureRequest) -> bool:
    asked = Asked(action=request.action, attributes=request.attributes)
    conditions = [text for text in (assignment.condition, assignment.role.condition) if text is not None]
    return (
        _covers(assignment.scope, request.scope)
        and assignment.role.allows(request.action, data=request.data)
        and all(condition_test(text)(asked) for text in conditions)
    )


def _covers(scope: str, resource: str) -> bool:
    above, below = scope.lower().rstrip("/"), resource.lower()
    return below == above or below.startswith(f"{above}/")
