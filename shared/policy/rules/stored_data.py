"""Data is encrypted twice where Azure offers it: by the service and by its hardware.

The service decides it when an account is made (Microsoft, "Enable infrastructure encryption for double encryption of
data").
"""

from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule


def _once(resource: Resource, _: Estate) -> str:
    said = at(resource.inputs, "encryption.requireInfrastructureEncryption")
    return "" if said is True else "data is encrypted once, and that cannot be changed later"


RULES = (
    Rule(
        id="MLP_AZURE_10",
        title="a storage account encrypts its data twice",
        types=frozenset({"azure-native:storage:StorageAccount"}),
        problem=_once,
        fix="encryption.require_infrastructure_encryption=True",
    ),
)
