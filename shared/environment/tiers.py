"""What an environment's tier demands of its switches: no development-only value reaches production.

The values are the columns of the table of environments in docs/adr/0006. Staging has production's value in every
switch that cannot be turned back.
"""

import dataclasses
import functools
from collections.abc import Callable
from typing import Literal

from shared.environment.section import Section, broken

Tier = Literal["sandbox", "development", "staging", "production"]

_PRODUCTION: frozenset[Tier] = frozenset({"production"})
_BOTH: frozenset[Tier] = frozenset({"staging", "production"})
_REAL: frozenset[Tier] = frozenset({"development", "staging", "production"})


@dataclasses.dataclass(frozen=True)
class TierRule:
    """A key that must have certain values in certain tiers. wanted: those values, in words; allows: the test of one."""

    key: str
    tiers: frozenset[Tier]
    wanted: str
    allows: Callable[[object], bool]


def _is(key: str, tiers: frozenset[Tier], values: tuple[object, ...]) -> TierRule:
    return TierRule(key, tiers, " or ".join(map(_spelled, values)), lambda value: value in values)


def _at_least(key: str, tiers: frozenset[Tier], minimum: int) -> TierRule:
    return TierRule(key, tiers, f"at least {minimum}", lambda value: isinstance(value, int) and value >= minimum)


def _remote(key: str, prefix: str, wanted: str) -> TierRule:
    return TierRule(key, _REAL, wanted, lambda value: not str(value).startswith(prefix))


def _spelled(value: object) -> str:
    """Return a value as the file spells it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


RULES: tuple[TierRule, ...] = (
    _is("simulated", frozenset({"sandbox"}), (True,)),
    _is("simulated", _REAL, (False,)),
    _remote("state.backend", "file:", "an azblob:// or s3:// URL"),
    _remote("state.secrets_provider", "passphrase", "an azurekeyvault:// or awskms:// URL"),
    _is("state.plan_set_key", frozenset({"sandbox"}), (None,)),
    TierRule("state.plan_set_key", _REAL, "an azurekeyvault:// or awskms:// URL", lambda value: value is not None),
    _is("protection.deletion", _PRODUCTION, (True,)),
    _is("protection.locks", _PRODUCTION, (True,)),
    _is("protection.purge", _BOTH, (True,)),
    _at_least("logs.retention_days", _PRODUCTION, 90),
    _is("protection.defender", _PRODUCTION, (True,)),
    _is("logs.daily_cap_gb", _PRODUCTION, (None,)),
    _is("logs.flow_logs", _PRODUCTION, (True,)),
    _is("key_vault.customer_managed_key", _BOTH, (True,)),
    _is("key_vault.hardware_keys", _BOTH, (True,)),
    _at_least("key_vault.soft_delete_days", _BOTH, 90),
    _is("storage.sku", _BOTH, ("Standard_ZRS", "Standard_GRS", "Standard_GZRS")),
    _is("storage.access", _BOTH, ("private_endpoint",)),
    _is("ml_workspace.isolation_mode", _BOTH, ("AllowOnlyApprovedOutbound",)),
    _is("ml_workspace.container_registry_sku", _BOTH, ("Premium",)),
    _is("ml_workspace.configuration_sku", _BOTH, ("standard",)),
    _is("ml_workspace.policy_enforcement", _BOTH, ("Default",)),
    _is("ml_workspace.compute.priority", _BOTH, ("Dedicated",)),
    TierRule("sagemaker.network", _BOTH, "a section with cidr and subnets", lambda value: value is not None),
    _at_least("sagemaker.key_deletion_days", _BOTH, 30),
)


def check_tier(tier: Tier, environment: Section) -> None:
    """Check the switches of `environment` against what `tier` demands. Raises PydanticCustomError."""
    for rule in RULES:
        if tier in rule.tiers and not rule.allows(value_of(environment, rule.key)):
            value = value_of(environment, rule.key)
            raise broken(rule.key, f"may not be {_spelled(value)} in tier {tier}", f"use {rule.wanted}")


def value_of(section: Section, key: str) -> object:
    """Return the value of a dotted key."""
    return functools.reduce(getattr, key.split("."), section)
