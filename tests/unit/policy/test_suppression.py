"""A suppression says what, where, why and whose it is."""

from typing import Any

import pytest

from shared.policy.errors import SuppressionError
from shared.policy.finding import Verdict
from shared.policy.suppression import EVERYWHERE, Suppression
from shared.policy.suppressions import SUPPRESSIONS
from tests.unit.policy.made_resources import vault

GOOD: dict[str, Any] = {
    "check": "CKV_AZURE_42",
    "resources": "azure-native:keyvault:Vault::*",
    "tiers": EVERYWHERE,
    "reason": "It is thrown away often",
    "owner": "ml-platform",
}


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("reason", "", "no reason"),
        ("reason", "   ", "no reason"),
        ("reason", "noise", "no reason"),
        ("owner", " ", "no owner"),
        ("check", "", "no check"),
        ("resources", "*", "not a pattern for type::name"),
        ("tiers", frozenset[str](), "names no tier"),
    ],
)
def test_one_that_does_not_say_everything_cannot_be_made(field: str, value: Any, problem: str) -> None:
    with pytest.raises(SuppressionError, match=problem):
        Suppression(**{**GOOD, field: value})


@pytest.mark.parametrize(
    ("check", "pattern", "covered"),
    [
        ("CKV_AZURE_42", "azure-native:keyvault:Vault::*", True),
        ("CKV_AZURE_42", "azure-native:keyvault:Vault::ml-*", True),
        ("CKV_AZURE_42", "azure-native:keyvault:Vault::cmk-*", False),
        ("CKV_AZURE_42", "azure-native:keyvault:Key::*", False),
        ("CKV_AZURE_43", "azure-native:keyvault:Vault::*", False),
    ],
)
def test_it_covers_its_rule_on_its_resources_only(check: str, pattern: str, covered: bool) -> None:
    verdict = Verdict(check="CKV_AZURE_42", what="w", result="failed", resource=vault("ml-vault"), fix="")
    fields: dict[str, Any] = {**GOOD, "check": check, "resources": pattern}
    assert Suppression(**fields).covers(verdict) is covered


def test_no_two_of_ours_mean_the_same() -> None:
    meant = [(one.check, one.resources, tier) for one in SUPPRESSIONS for tier in one.tiers]
    assert sorted(meant) == sorted(set(meant))
