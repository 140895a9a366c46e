"""What Azure Policy refuses: resources that break a policy which denies, in the scope that it is assigned to."""

import json

from shared.sandbox.catalog.azure_native.built_in_policies import BUILT_IN_POLICIES
from shared.sandbox.catalog.azure_native.references import is_type, name_in
from shared.sandbox.errors import CloudError
from shared.sandbox.inventory import Record
from shared.sandbox.model import Request
from shared.sandbox.wire import Properties

ASSIGNMENT = "azure-native:authorization:PolicyAssignment"


def check_policies(request: Request) -> None:
    """Raise CloudError, as ARM does, where a policy that is enforced denies the resource."""
    for record in request.existing.of_type(ASSIGNMENT):
        if _denies(record, request):
            definition = str(record.inputs["policyDefinitionId"])
            title = BUILT_IN_POLICIES[name_in(definition).lower()].title
            said = json.dumps(
                [
                    {
                        "policyAssignment": {"name": name_in(record.id), "id": record.id},
                        "policyDefinition": {"name": title, "id": definition},
                    }
                ]
            )
            problem = f"Resource '{name_in(request.id)}' was disallowed by policy. Policy identifiers: '{said}'."
            raise CloudError("RequestDisallowedByPolicy", problem)


def given_values(assignment: Properties) -> dict[str, str]:
    """Return the values that an assignment gives its parameters. assignment: its inputs."""
    return {name: str(given.get("value")) for name, given in (assignment.get("parameters") or {}).items()}


def _denies(assignment: Record, request: Request) -> bool:
    definition = BUILT_IN_POLICIES[name_in(str(assignment.inputs["policyDefinitionId"])).lower()]
    values = definition.values(given_values(assignment.inputs))
    scope = str(assignment.inputs["scope"]).strip("/").lower()
    return (
        assignment.inputs.get("enforcementMode", "Default") == "Default"
        and values["effect"] == "Deny"
        and request.id.strip("/").lower().startswith(f"{scope}/")
        and is_type(request.id, definition.about)
        and definition.breaks(request.inputs, values)
    )
