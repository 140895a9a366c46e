"""Who may be given what: no role that can give roles, unless a condition bounds it, and never to an unknown kind.

Guids: "Azure built-in roles".
"""

from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule

_TYPES = frozenset({"azure-native:authorization:RoleAssignment"})
_NEVER = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
}
_BOUNDED = {"f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator"}
_ROLE_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments/write"


def _privileged(resource: Resource, _: Estate) -> str:
    role = str(resource.inputs.get("roleDefinitionId", "")).rpartition("/")[2].lower()
    if role in _NEVER:
        return f"{_NEVER[role]} is assigned: whoever has it can give every role to anybody"
    if role in _BOUNDED and _ROLE_ASSIGNMENTS not in str(resource.inputs.get("condition") or ""):
        return f"{_BOUNDED[role]} is assigned without a condition on what it may give"
    return ""


def _principal_type(resource: Resource, _: Estate) -> str:
    if resource.inputs.get("principalType"):
        return ""
    return "the assignment does not say of which kind its principal is: Azure refuses one that was made a moment ago"


RULES = (
    Rule(
        id="MLP_AZURE_4",
        title="no role assignment lets its principal give roles freely",
        types=_TYPES,
        problem=_privileged,
        fix="assign a narrower role, or a condition that names roles and kinds of principals",
    ),
    Rule(
        id="MLP_AZURE_5",
        title="a role assignment says of which kind its principal is",
        types=_TYPES,
        problem=_principal_type,
        fix='principal_type="ServicePrincipal", "Group" or "User"',
    ),
)
