"""Built-in policy definitions for Azure Machine Learning that the sandbox knows, and what they find wrong.

Ids, parameters and rules: the files in built-in-policies/policyDefinitions/Machine Learning of Azure/azure-policy.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from shared.sandbox.catalog.azure_native.references import at
from shared.sandbox.wire import Properties

_WORKSPACE: Final = "Microsoft.MachineLearningServices/workspaces"
_COMPUTE: Final = f"{_WORKSPACE}/computes"
_EFFECT: Final = ("Audit", "Deny", "Disabled")
_MODES: Final = ("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")

Values = Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyDefinition:
    """A definition.

    about: the type of resources that it judges; parameters: allowed values, the default first; breaks: whether the
    inputs of such a resource break it, for the values of its parameters.
    """

    title: str
    about: str
    breaks: Callable[[Properties, Values], bool]
    parameters: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=lambda: {"effect": _EFFECT})

    def values(self, given: Values) -> dict[str, str]:
        """Return the values of all parameters."""
        return {**{name: allowed[0] for name, allowed in self.parameters.items()}, **given}


def _has_no_identity(inputs: Properties, _: Values) -> bool:
    return not inputs.get("primaryUserAssignedIdentity")


def _is_public(inputs: Properties, _: Values) -> bool:
    return inputs.get("publicNetworkAccess") != "Disabled"


def _has_no_key(inputs: Properties, _: Values) -> bool:
    return inputs.get("kind") != "project" and at(inputs, "encryption.status") != "Enabled"


def _is_in_another_mode(inputs: Properties, values: Values) -> bool:
    return at(inputs, "managedNetwork.isolationMode") != values["isolationMode"]


def _knows_local_users(inputs: Properties, _: Values) -> bool:
    judged = at(inputs, "properties.computeType") in ("ComputeInstance", "AmlCompute")
    return judged and at(inputs, "properties.disableLocalAuth") is not True


BUILT_IN_POLICIES: Final = {
    "5f0c7d88-c7de-45b8-ac49-db49e72eaa78": PolicyDefinition(
        title="Azure Machine Learning workspaces should use user-assigned managed identity",
        about=_WORKSPACE,
        breaks=_has_no_identity,
    ),
    "438c38d2-3772-465a-a9cc-7a6666a275ce": PolicyDefinition(
        title="Azure Machine Learning workspaces should disable public network access",
        about=_WORKSPACE,
        breaks=_is_public,
    ),
    "ba769a63-b8cc-4b2d-abf6-ac33c7204be8": PolicyDefinition(
        title="Azure Machine Learning workspaces should be encrypted with a customer-managed key",
        about=_WORKSPACE,
        breaks=_has_no_key,
    ),
    "6ddb1705-c8cf-450e-aa4b-19ad6703c440": PolicyDefinition(
        title="Azure Machine Learning and Ai Studio should use Allow Only Approved Outbound Managed Vnet mode",
        about=_WORKSPACE,
        breaks=_is_in_another_mode,
        parameters={"isolationMode": _MODES, "effect": _EFFECT},
    ),
    "e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f": PolicyDefinition(
        title="Azure Machine Learning Computes should have local authentication methods disabled",
        about=_COMPUTE,
        breaks=_knows_local_users,
    ),
}
