"""Creations whose end nobody knows, as pending operations of a state."""

import json
from typing import Any

from shared.orchestration.planned_outputs import SIGNATURE, UNKNOWN, empty_checkpoint
from shared.pending_operations.marks import MARKS
from shared.pending_operations.model import pending_in
from shared.pending_operations.unanswered import UnansweredCreation, can_be_found, with_unanswered

SECRET = "azure-native:keyvault:Secret"
URN = f"urn:pulumi:sandbox::key_vault::{SECRET}::token"
CIPHERTEXT = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}


def creation(**inputs: Any) -> UnansweredCreation:
    return UnansweredCreation(
        urn=URN,
        type=SECRET,
        parent="root",
        provider="provider::1",
        protect=True,
        retain_on_delete=True,
        inputs=inputs,
    )


def noted(found: UnansweredCreation, **adds: Any) -> dict[str, Any]:
    """Return the resource of the pending operation, where the plan says `adds` of its inputs."""
    checkpoint = empty_checkpoint("key_vault", "sandbox", {"type": "passphrase", "state": {}})
    goal = {
        "inputDiff": {"adds": adds},
        "dependencies": ["a"],
        "propertyDependencies": {"vaultName": ["a"]},
        "additionalSecretOutputs": ["value"],
    }
    plan = {"resourcePlans": {URN: {"goal": goal}}}
    (operation,) = pending_in("key_vault", with_unanswered(checkpoint, [found], plan))
    assert (operation.stack, operation.operation, operation.urn, operation.type) == (
        "key_vault",
        "creating",
        URN,
        SECRET,
    )
    assert "pending_operations" not in checkpoint["checkpoint"]["latest"]
    return dict(operation.resource)


def test_it_is_noted_as_the_engine_notes_what_it_is_at() -> None:
    resource = noted(creation(vaultName="kv"), vaultName=UNKNOWN)
    assert resource == {
        "urn": URN,
        "custom": True,
        "type": SECRET,
        "inputs": {"vaultName": "kv"},
        "provider": "provider::1",
        "parent": "root",
        "dependencies": ["a"],
        "propertyDependencies": {"vaultName": ["a"]},
        "additionalSecretOutputs": ["value"],
        "protect": True,
        "retainOnDelete": True,
    }


def test_secrets_are_those_of_the_plan_and_never_the_word_that_stands_for_them() -> None:
    concealed = creation(vaultName="kv", properties={"value": "[secret]"}, tags=[{"a": "[secret]"}])
    known = noted(concealed, properties={"value": CIPHERTEXT})
    assert known["inputs"] == {"vaultName": "kv", "properties": {"value": CIPHERTEXT}}
    unknown = noted(concealed, properties={"value": UNKNOWN})
    assert unknown["inputs"] == {"vaultName": "kv"}
    assert "[secret]" not in json.dumps([known, unknown])


def test_what_was_pending_before_stays_pending() -> None:
    checkpoint = empty_checkpoint("key_vault", "sandbox", {"type": "passphrase", "state": {}})
    plan: dict[str, Any] = {"resourcePlans": {}}
    twice = with_unanswered(with_unanswered(checkpoint, [creation()], plan), [creation()], plan)
    assert len(list(pending_in("key_vault", twice))) == 2


def test_what_has_a_name_or_a_mark_can_be_found() -> None:
    assert can_be_found(SECRET)
    assert can_be_found("aws:iam/policy:Policy")
    assert can_be_found("aws:s3/bucket:Bucket")
    assert all(can_be_found(token) for token in MARKS)
    assert not can_be_found("aws:strange/thing:Thing")
