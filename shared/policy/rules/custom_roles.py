"""A role of our own gives nobody the right to give roles.

Microsoft, "Azure custom roles": * is any text, and notActions takes away from the actions of the same permission.
"""

from collections.abc import Iterator

from shared.permissions.wildcard import matches
from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.rules.documents import listed
from shared.policy.rules.rule import Estate, Rule

_GIVING = (
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/elevateAccess/action",
    "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
)


def _gives_roles(resource: Resource, _: Estate) -> str:
    found = sorted({one for permission in listed(resource.inputs.get("permissions")) for one in _wide(permission)})
    return f"{', '.join(found)} lets its holder give every role to anybody" if found else ""


def _wide(permission: Json) -> Iterator[str]:
    taken = [str(one) for one in listed(at(permission, "notActions"))]
    for action in (str(one) for one in listed(at(permission, "actions"))):
        given = (one for one in _GIVING if matches(action, one, any_case=True))
        if any(not any(matches(one, right, any_case=True) for one in taken) for right in given):
            yield action


RULES = (
    Rule(
        id="MLP_AZURE_9",
        title="a role of our own gives nobody the right to give roles",
        types=frozenset({"azure-native:authorization:RoleDefinition"}),
        problem=_gives_roles,
        fix="name the actions one by one, without Microsoft.Authorization/roleAssignments",
    ),
)
