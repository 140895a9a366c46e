"""A configuration store is read with identities, and says so: its service allows keys where nothing is said."""

from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule

_STORE = frozenset({"azure-native:appconfiguration:ConfigurationStore"})


def _local_auth(resource: Resource, _: Estate) -> str:
    return "" if resource.inputs.get("disableLocalAuth") is True else "access keys open this configuration store"


def _public_access(resource: Resource, _: Estate) -> str:
    if resource.inputs.get("publicNetworkAccess") == "Disabled":
        return ""
    return "this configuration store can be reached from the internet"


RULES = (
    Rule(
        id="MLP_AZURE_1",
        title="a configuration store is opened by Entra identities only",
        types=_STORE,
        problem=_local_auth,
        fix="disable_local_auth=True",
    ),
    Rule(
        id="MLP_AZURE_2",
        title="a configuration store is reached through a private endpoint only",
        types=_STORE,
        problem=_public_access,
        fix='public_network_access="Disabled"',
    ),
)
