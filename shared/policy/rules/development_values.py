"""Values that are for development only, found anywhere else.

Environment files are checked before anything is deployed; this looks at what the programs made of them.
"""

from collections.abc import Callable

from shared.policy.json_value import at
from shared.policy.resource import Resource
from shared.policy.rules.rule import Estate, Rule
from shared.policy.suppression import EVERYWHERE

_TIERS = EVERYWHERE - {"development"}
_ACCOUNT = "azure-native:storage:StorageAccount"
_STORE = "azure-native:appconfiguration:ConfigurationStore"
_REGISTRY = "azure-native:containerregistry:Registry"
_VAULT = "azure-native:keyvault:Vault"
_WORKSPACE = "azure-native:machinelearningservices:Workspace"
_ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"


def _one_place(resource: Resource, _: Estate) -> str:
    sku = str(at(resource.inputs, "sku.name"))
    return f"{sku} keeps all copies in one building" if sku.endswith("_LRS") else ""


def _small(*skus: str) -> Callable[[Resource, Estate], str]:
    def problem(resource: Resource, _: Estate) -> str:
        sku = str(at(resource.inputs, "sku.name"))
        return f"the tier {sku} has neither private endpoints nor redundancy" if sku.lower() in skus else ""

    return problem


def _public(resource: Resource, _: Estate) -> str:
    said = resource.inputs.get("publicNetworkAccess") or at(resource.inputs, "properties.publicNetworkAccess")
    # Nothing said is Enabled to all of these services.
    return "" if str(said).lower() == "disabled" else "the internet reaches it"


def _purgeable(resource: Resource, _: Estate) -> str:
    said = (at(resource.inputs, "properties.enablePurgeProtection"), resource.inputs.get("enablePurgeProtection"))
    return "" if True in said else "whoever deletes it can also purge it, with all that it holds"


RULES = (
    Rule(
        id="MLP_VALUE_1",
        title="data has copies in more than one building",
        types=frozenset({_ACCOUNT}),
        problem=_one_place,
        fix="storage.sku: Standard_ZRS or Standard_GZRS in the environment's file",
        tiers=_TIERS,
    ),
    Rule(
        id="MLP_VALUE_2",
        title="a registry has the tier that private networks need",
        types=frozenset({_REGISTRY}),
        problem=_small("basic", "standard"),
        fix='sku.name="Premium"',
        tiers=_TIERS,
    ),
    Rule(
        id="MLP_VALUE_3",
        title="a configuration store has a tier that can be recovered",
        types=frozenset({_STORE}),
        problem=_small("free", "developer"),
        fix='sku.name="standard"',
        tiers=_TIERS,
    ),
    Rule(
        id="MLP_VALUE_4",
        title="no service is reached from the internet",
        types=frozenset({_ACCOUNT, _ENDPOINT, _REGISTRY, _STORE, _VAULT, _WORKSPACE}),
        problem=_public,
        fix='public_network_access="Disabled"',
        tiers=_TIERS,
    ),
    Rule(
        id="MLP_VALUE_5",
        title="what was deleted cannot be purged before its time",
        types=frozenset({_STORE, _VAULT}),
        problem=_purgeable,
        fix="protection.purge: true in the environment's file",
        tiers=_TIERS,
    ),
)
