"""From verdicts to a judgement."""

from typing import Any

from shared.policy.document import document_of
from shared.policy.finding import Result, Verdict
from shared.policy.judgement import STALE, Judgement, judgement_of
from shared.policy.suppression import Suppression
from shared.policy.tables import tables_of
from tests.unit.policy.made_resources import account, made, vault

VAULT = vault("ml-vault")
SUPPRESSION = Suppression(
    check="CKV_1",
    resources="azure-native:keyvault:Vault::*",
    tiers=frozenset({"development"}),
    reason="It is thrown away often",
    owner="somebody",
)


def verdict(check: str, result: Result, resource: Any = VAULT) -> Verdict:
    return Verdict(check=check, what=f"about {check}", result=result, resource=resource, fix="see it")


def judged(*verdicts: Verdict, tier: Any = "production", by: tuple[Suppression, ...] = ()) -> Judgement:
    return judgement_of([VAULT, account()], verdicts, by, tier=tier)


def test_a_failure_is_a_finding_with_names_and_place() -> None:
    resource = made("azure-native:keyvault:Vault", "ml", place="stacks/key_vault/vault.py:18")
    (finding,) = judgement_of([resource], [verdict("CKV_1", "failed", resource)], (), tier="production").findings
    assert (finding.check, finding.stack, finding.name) == ("CKV_1", "sample", "ml")
    assert (finding.place, finding.fix, finding.urn) == ("stacks/key_vault/vault.py:18", "see it", resource.urn)


def test_one_rule_in_two_frameworks_counts_once_and_its_failure_wins() -> None:
    orders: tuple[tuple[Result, Result], ...] = (("passed", "failed"), ("failed", "passed"))
    for order in orders:
        found = judged(*(verdict("CKV_1", result) for result in order))
        assert (len(found.findings), found.passed) == (1, 0)


def test_a_suppression_takes_a_finding_away_in_its_tiers_only() -> None:
    found = judged(verdict("CKV_1", "failed"), tier="development", by=(SUPPRESSION,))
    assert found.findings == ()
    assert [one.suppression.reason for one in found.suppressed] == ["It is thrown away often"]
    assert len(judged(verdict("CKV_1", "failed"), tier="production", by=(SUPPRESSION,)).findings) == 1


def test_a_suppression_that_suppresses_nothing_is_a_finding_where_it_is_meant() -> None:
    for verdicts in ((), (verdict("CKV_1", "passed"),)):
        (finding,) = judged(*verdicts, tier="development", by=(SUPPRESSION,)).findings
        assert (finding.check, finding.place) == (STALE, "shared/policy/suppressions.py")
        assert "CKV_1" in finding.what
        assert "somebody" in finding.fix
    assert judged(tier="production", by=(SUPPRESSION,)).findings == ()


def test_what_no_rule_says_anything_about_is_listed() -> None:
    (missing,) = judged(verdict("CKV_1", "passed")).not_judged
    assert (missing.type, missing.names) == ("azure-native:storage:StorageAccount", ("sample/data",))


def test_the_document_has_findings_numbers_reasons_and_what_is_not_judged() -> None:
    verdicts = (verdict("CKV_1", "failed"), verdict("CKV_2", "failed"), verdict("CKV_3", "passed"))
    document = document_of(judged(*verdicts, tier="development", by=(SUPPRESSION,)), "dev")
    assert (document["schema_version"], document["command"], document["environment"]) == (1, "policy", "dev")
    assert [one["check"] for one in document["findings"]] == ["CKV_2"]
    assert document["passed"] == 1
    (suppressed,) = document["suppressed"]
    assert (suppressed["check"], suppressed["reason"], suppressed["owner"]) == ("CKV_1", SUPPRESSION.reason, "somebody")
    assert document["not_judged"] == [{"type": "azure-native:storage:StorageAccount", "names": ("sample/data",)}]


def test_people_read_a_table_only_where_something_was_found() -> None:
    assert len(list(tables_of(judged(verdict("CKV_1", "failed")), "prod"))) == 3
    texts = [str(one) for one in tables_of(judged(verdict("CKV_1", "passed")), "prod")]
    assert texts[0] == "policy of prod: 0 findings, 1 checks passed, 0 findings suppressed with a reason"
    assert "azure-native:storage:StorageAccount (1)" in texts[1]
