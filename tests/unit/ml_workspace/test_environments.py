"""What each environment gets from the program: staging is production in whatever cannot be changed later."""

from typing import Any

import pytest

from shared.contracts import IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs
from shared.environment import load
from stacks.ml_workspace.program import program
from tests.unit.sample_contracts import NO_KEY
from tests.unit.sample_environments import SUBSCRIPTION, changed
from tests.unit.stack_mocks import Run, run_program

CONTRACTS = (IdentityOutputs, KeyVaultOutputs, NetworkStorageOutputs, SagemakerOutputs)
REAL = ("dev", "staging", "prod")
CLOSED = ("staging", "prod", "sandbox")


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    found: dict[str, Run] = {}
    for name in (*REAL, "sandbox"):
        environment = load(name)
        if name in REAL:
            environment = changed(environment, azure__subscription_id=SUBSCRIPTION)
        given = {} if environment.key_vault.customer_managed_key else NO_KEY
        found[name] = run_program(program, environment, *CONTRACTS, given=given)
    return found


def _by_environment(runs: dict[str, Run], type_: str, *path: str) -> dict[str, Any]:
    def at(value: Any) -> Any:
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    return {name: at(dict(run.one(type_).inputs)) for name, run in runs.items()}


def _closed(closed: object, dev: object) -> dict[str, object]:
    return {"dev": dev, **dict.fromkeys(CLOSED, closed)}


WORKSPACE = "machinelearningservices:Workspace"
REGISTRY = "containerregistry:Registry"
STORE = "appconfiguration:ConfigurationStore"

ROWS: list[tuple[str, tuple[str, ...], object, object]] = [
    (WORKSPACE, ("managedNetwork", "isolationMode"), "AllowOnlyApprovedOutbound", "Disabled"),
    (WORKSPACE, ("managedNetwork", "firewallSku"), "Basic", None),
    (WORKSPACE, ("provisionNetworkNow",), True, False),
    (WORKSPACE, ("publicNetworkAccess",), "Disabled", "Enabled"),
    (WORKSPACE, ("hbiWorkspace",), True, False),
    (WORKSPACE, ("systemDatastoresAuthMode",), "Identity", "Identity"),
    (WORKSPACE, ("v1LegacyMode",), False, False),
    (WORKSPACE, ("kind",), "Default", "Default"),
    (REGISTRY, ("sku", "name"), "Premium", "Basic"),
    (REGISTRY, ("zoneRedundancy",), "Enabled", "Disabled"),
    (REGISTRY, ("dataEndpointEnabled",), True, False),
    (REGISTRY, ("publicNetworkAccess",), "Disabled", "Enabled"),
    (REGISTRY, ("networkRuleBypassOptions",), "AzureServices", "AzureServices"),
    (REGISTRY, ("policies", "retentionPolicy", "days"), 30, None),
    (REGISTRY, ("policies", "exportPolicy", "status"), "disabled", None),
    (STORE, ("sku", "name"), "standard", "free"),
    (STORE, ("disableLocalAuth",), True, True),
    (STORE, ("softDeleteRetentionInDays",), 7, 0),
    (STORE, ("dataPlaneProxy", "authenticationMode"), "Pass-through", "Pass-through"),
    (STORE, ("dataPlaneProxy", "privateLinkDelegation"), "Enabled", "Disabled"),
]


@pytest.mark.parametrize(("type_", "path", "closed", "dev"), ROWS, ids=str)
def test_a_value_is_that_of_its_environment(
    runs: dict[str, Run], type_: str, path: tuple[str, ...], closed: object, dev: object
) -> None:
    assert _by_environment(runs, type_, *path) == _closed(closed, dev)


def test_purge_protection_is_on_where_data_is_real(runs: dict[str, Run]) -> None:
    assert _by_environment(runs, STORE, "enablePurgeProtection") == {
        "dev": False,
        "staging": True,
        "prod": True,
        "sandbox": False,
    }


def test_only_production_is_protected_from_deletion(runs: dict[str, Run]) -> None:
    for type_ in (WORKSPACE, REGISTRY, STORE):
        protected = {name: runs[name].one(type_).protect for name in REAL}
        assert protected == {"dev": False, "staging": False, "prod": True}


def test_compute_is_cheap_where_nothing_is_at_stake(runs: dict[str, Run]) -> None:
    sizes: dict[str, Any] = {}
    for name in REAL:
        details = runs[name].one("machinelearningservices:Compute", "cpu-train").inputs["properties"]["properties"]
        sizes[name] = (details["vmPriority"], details["scaleSettings"]["maxNodeCount"])
    assert sizes == {"dev": ("LowPriority", 1), "staging": ("Dedicated", 2), "prod": ("Dedicated", 4)}


def test_staging_is_production_in_what_cannot_be_changed_later(runs: dict[str, Run]) -> None:
    staging, production = (
        {(type_, path): _by_environment({name: runs[name]}, type_, *path)[name] for type_, path, _, _ in ROWS}
        for name in ("staging", "prod")
    )
    assert staging == production


def test_private_ways_in_are_where_public_ones_are_closed(runs: dict[str, Run]) -> None:
    ways = {name: sorted(run.all("azure-native:network:PrivateEndpoint")) for name, run in runs.items()}
    assert ways == _closed(["configuration", "registry", "workspace"], [])
