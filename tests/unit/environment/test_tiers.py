"""No development-only value reaches production, and none that cannot be turned back reaches staging."""

from pathlib import Path
from typing import Any

import pytest

from shared.environment import EnvironmentFileError, load
from shared.environment.model import Environment
from shared.environment.tiers import RULES, Tier, TierRule, check_tier, value_of
from tests.unit.environment.files import SAMPLE, replaced, text_of, written

WRONG: dict[str, tuple[str, str]] = {
    "simulated": ("simulated: false", "simulated: true"),
    "state.backend": ("azblob://state?storage_account=stmlpstateprod", "file://state"),
    "state.secrets_provider": ("azurekeyvault://kv-mlp-state-prod.vault.azure.net/keys/pulumi", "passphrase"),
    "state.plan_set_key": ("azurekeyvault://kv-mlp-state-prod.vault.azure.net/keys/plan-sets", "null"),
    "protection.deletion": ("deletion: true", "deletion: false"),
    "protection.locks": ("locks: true", "locks: false"),
    "protection.purge": ("purge: true", "purge: false"),
    "logs.retention_days": ("retention_days: 90", "retention_days: 30"),
    "protection.defender": ("defender: true", "defender: false"),
    "logs.daily_cap_gb": ("daily_cap_gb: null", "daily_cap_gb: 1"),
    "logs.flow_logs": ("flow_logs: true", "flow_logs: false"),
    "key_vault.customer_managed_key": (
        "customer_managed_key: true\n  hardware_keys: true",
        "customer_managed_key: false\n  hardware_keys: false",
    ),
    "key_vault.hardware_keys": ("hardware_keys: true", "hardware_keys: false"),
    "key_vault.soft_delete_days": ("soft_delete_days: 90", "soft_delete_days: 7"),
    "storage.sku": ("Standard_GZRS", "Standard_LRS"),
    "storage.access": ("private_endpoint\n", "service_endpoint\n"),
    "ml_workspace.isolation_mode": ("AllowOnlyApprovedOutbound", "Disabled"),
    "ml_workspace.container_registry_sku": ("Premium", "Basic"),
    "ml_workspace.configuration_sku": ("configuration_sku: standard", "configuration_sku: free"),
    "ml_workspace.policy_enforcement": ("policy_enforcement: Default", "policy_enforcement: DoNotEnforce"),
    "ml_workspace.compute.priority": ("Dedicated", "LowPriority"),
    "sagemaker.network": (
        "network:\n    cidr: 10.41.0.0/16\n    subnets:\n      a: 10.41.0.0/24\n      b: 10.41.1.0/24",
        "network: null",
    ),
    "sagemaker.key_deletion_days": ("key_deletion_days: 30", "key_deletion_days: 7"),
}


@pytest.mark.parametrize("key", sorted({rule.key for rule in RULES}))
def test_prod_refuses_every_development_only_value_and_names_the_key(tmp_path: Path, key: str) -> None:
    root = written(tmp_path, replaced(text_of("prod"), *WRONG[key]))
    with pytest.raises(EnvironmentFileError) as caught:
        load("prod", root)
    assert caught.value.key == key
    assert str(caught.value).startswith(f"environments/prod.yaml: {key}: ")
    assert caught.value.fix


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.key}-{len(rule.tiers)}")
def test_each_rule_has_a_file_that_keeps_it(rule: TierRule) -> None:
    names: dict[Tier, str] = {
        "sandbox": "sandbox",
        "development": "dev",
        "staging": "staging",
        "production": "prod",
    }
    for tier in rule.tiers:
        assert rule.allows(value_of(load(names[tier]), rule.key))


def test_what_a_tier_is_does_not_depend_on_the_name(tmp_path: Path) -> None:
    root = written(tmp_path, replaced(text_of("prod"), "Standard_GZRS", "Standard_LRS"), name="live")
    with pytest.raises(EnvironmentFileError) as caught:
        load("live", root)
    assert caught.value.key == "storage.sku"
    assert caught.value.problem == "may not be Standard_LRS in tier production"
    assert caught.value.fix == "use Standard_ZRS or Standard_GRS or Standard_GZRS"


def test_the_sandbox_must_be_simulated(tmp_path: Path) -> None:
    root = written(tmp_path, replaced(text_of("sandbox"), "simulated: true", "simulated: false"), name="sandbox")
    with pytest.raises(EnvironmentFileError) as caught:
        load("sandbox", root)
    assert caught.value.key in {"simulated", "protection.purge"}


def test_staging_may_be_deleted_and_may_not_be_purged(tmp_path: Path) -> None:
    assert not load("staging", SAMPLE).protection.deletion
    with pytest.raises(EnvironmentFileError, match=r"protection\.purge"):
        load("staging", written(tmp_path, replaced(text_of("staging"), "purge: true", "purge: false"), "staging"))


def test_a_new_tier_rule_needs_an_example_of_what_it_refuses() -> None:
    assert set(WRONG) == {rule.key for rule in RULES}


@pytest.mark.parametrize("tier", ["sandbox", "development", "staging", "production"])
def test_switches_spell_as_in_the_file(tier: Tier) -> None:
    environment: Any = load("prod", SAMPLE).model_copy(update={"simulated": tier != "sandbox"})
    assert isinstance(environment, Environment)
    with pytest.raises(ValueError, match=r"simulated: may not be (true|false) in tier"):
        check_tier(tier, environment)
