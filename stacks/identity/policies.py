"""Azure Policy on the resource group: what no workspace or compute in it may be, whoever makes it.

The definitions are built in: "Azure Policy built-in definitions for Azure Machine Learning", with the ids of the files
in built-in-policies/policyDefinitions/Machine Learning of Azure/azure-policy.
"""

import dataclasses
from collections.abc import Mapping
from typing import Final, Literal

from pulumi_azure_native import authorization, resources

from shared.environment import Environment


@dataclasses.dataclass(frozen=True, kw_only=True)
class BuiltInPolicy:
    """One built-in definition, as it is assigned. name: of the assignment; rule: what it demands, in words."""

    name: str
    definition: str
    rule: str
    effect: Literal["Audit", "Deny"] = "Deny"
    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])

    @property
    def definition_id(self) -> str:
        """Return the ARM id of the definition, which lies in no subscription."""
        return f"/providers/Microsoft.Authorization/policyDefinitions/{self.definition}"


_IDENTITY: Final = BuiltInPolicy(
    name="ml-workspace-identity",
    definition="5f0c7d88-c7de-45b8-ac49-db49e72eaa78",
    rule="Workspaces use an identity that exists before them and is granted its roles by name.",
)
_PUBLIC_ACCESS: Final = BuiltInPolicy(
    name="ml-workspace-public-access",
    definition="438c38d2-3772-465a-a9cc-7a6666a275ce",
    rule="Workspaces are reached through private endpoints only.",
)
_CUSTOMER_KEY: Final = BuiltInPolicy(
    name="ml-workspace-customer-key",
    definition="ba769a63-b8cc-4b2d-abf6-ac33c7204be8",
    rule="Workspaces are encrypted with a key of ours. Ours are not, on purpose (docs/adr/0008): this is a report.",
    effect="Audit",
)
_LOCAL_AUTHENTICATION: Final = BuiltInPolicy(
    name="ml-compute-local-auth",
    definition="e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f",
    rule="Compute knows no local users and no keys: who logs in is an identity of Entra.",
)


def built_in_policies(env: Environment) -> list[BuiltInPolicy]:
    """Return the policies of an environment: it meets those that deny, and others are reports."""
    mode = env.ml_workspace.isolation_mode
    isolation = BuiltInPolicy(
        name="ml-workspace-isolation",
        definition="6ddb1705-c8cf-450e-aa4b-19ad6703c440",
        rule=f"The managed network of workspaces is {mode}.",
        parameters={"isolationMode": mode},
    )
    return [
        _IDENTITY,
        *([_PUBLIC_ACCESS] if env.private_endpoints else []),
        _CUSTOMER_KEY,
        *([] if mode == "Disabled" else [isolation]),
        _LOCAL_AUTHENTICATION,
    ]


def assign_policies(env: Environment, group: resources.ResourceGroup) -> None:
    """Assign the policies to the resource group, to enforce them or only to watch, as the environment says."""
    for policy in built_in_policies(env):
        values = {**policy.parameters, "effect": policy.effect}
        authorization.PolicyAssignment(
            policy.name,
            policy_assignment_name=policy.name,
            scope=group.id,
            display_name=f"{policy.name} of {env.platform} {env.name}",
            description=policy.rule,
            policy_definition_id=policy.definition_id,
            parameters={key: authorization.ParameterValuesValueArgs(value=value) for key, value in values.items()},
            enforcement_mode=env.ml_workspace.policy_enforcement,
            non_compliance_messages=[authorization.NonComplianceMessageArgs(message=policy.rule)],
        )
