"""What an update would destroy is named; what its service refuses is said before anything is touched."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.orchestration.losses import PlannedStep, losses, losses_of_state, refused_changes, unconfirmed
from shared.orchestration.planned_outputs import UNKNOWN
from shared.orchestration.resource_changes import Kind, ResourceChange
from shared.orchestration.stateful import FIXED, LOST_WITH

ACCOUNT = "azure-native:storage:StorageAccount"
VAULT = "azure-native:keyvault:Vault"
WORKSPACE = "azure-native:machinelearningservices:Workspace"
NETWORK = "azure-native:network:VirtualNetwork"
ROLE = "azure-native:authorization:RoleAssignment"


def step(
    type_: str,
    kind: Literal["update", "replace", "delete"],
    *,
    name: str = "one",
    keys: tuple[str, ...] = (),
    changed: tuple[str, ...] = (),
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> PlannedStep:
    return PlannedStep(
        urn=f"urn:pulumi:e::s::{type_}::logical-{name}",
        type=type_,
        kind=kind,
        id=f"/subscriptions/x/{name}",
        keys=keys,
        changed=changed,
        old=old or {},
        new=new or {},
    )


def names(*steps: PlannedStep) -> list[str]:
    return [loss.name for loss in losses(steps)]


def test_a_replaced_account_is_named_with_what_forces_it_and_what_is_lost() -> None:
    (loss,) = losses([step(ACCOUNT, "replace", keys=("location",), new={"location": "northeurope"})])
    assert loss.name == "one"
    assert loss.sentence == ("storage account one would be replaced (location changed), and with it all data in it")


def test_a_deleted_one_is_named() -> None:
    (loss,) = losses([step(VAULT, "delete")])
    assert loss.sentence.startswith("vault one would be deleted, and with it its keys and secrets")


def test_an_account_s_trust_in_github_goes_by_its_name_only() -> None:
    provider = PlannedStep(
        urn="urn:pulumi:e::s::aws:iam/openIdConnectProvider:OpenIdConnectProvider::github",
        type="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        kind="delete",
        id="arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com",
    )
    (loss,) = losses([provider])
    assert loss.name == "token.actions.githubusercontent.com"
    assert loss.sentence.endswith("and with it every login through it, of other environments too")


def test_what_holds_nothing_is_not_named() -> None:
    assert names(step(ROLE, "delete"), step(ROLE, "replace", keys=("scope",), new={"scope": "s"})) == []


def test_an_update_loses_nothing() -> None:
    assert names(step(ACCOUNT, "update", new={"tags": {}})) == []


def test_a_replacement_that_hangs_on_something_unknown_only_is_none_where_all_else_is_updated() -> None:
    hangs = step("azure-native:storage:BlobContainer", "replace", keys=("accountName",), new={"accountName": UNKNOWN})
    follows = step(ROLE, "replace", name="two")
    assert names(hangs, follows, step(ACCOUNT, "update")) == []


def test_it_counts_where_something_else_is_sure_to_be_replaced() -> None:
    hangs = step("azure-native:storage:BlobContainer", "replace", keys=("accountName",), new={"accountName": UNKNOWN})
    sure = step(ACCOUNT, "replace", name="two", keys=("location",), new={"location": "n"})
    assert names(hangs, sure) == ["one", "two"]
    assert "would be replaced if what it hangs on is" in losses([hangs, sure])[0].sentence


def test_one_known_reason_is_enough() -> None:
    new = {"accountName": {"deep": [UNKNOWN]}, "location": "n"}
    assert names(step(ACCOUNT, "replace", keys=("accountName.deep", "location"), new=new)) == ["one"]


@given(st.lists(st.sampled_from(sorted(LOST_WITH)), max_size=8))
def test_every_deleted_stateful_resource_is_named_once(types: list[str]) -> None:
    steps = [step(type_, "delete", name=f"n{index}") for index, type_ in enumerate(types)]
    assert names(*steps) == [f"n{index}" for index in range(len(types))]


def test_a_provider_of_another_region_is_refused_as_names_are_taken_in_all_regions() -> None:
    (sentence,) = refused_changes([step("pulumi:providers:aws", "replace", keys=("region",), new={"region": "x"})])
    assert sentence.startswith("the region of provider aws changed")
    assert refused_changes([step("pulumi:providers:aws", "update")]) == ()


def test_what_known_inputs_ask_for_happens_at_least() -> None:
    unknown = {"scope": UNKNOWN, "tags": {"a": "b"}}
    assert step(ROLE, "replace", keys=("scope",), changed=("scope",), new=unknown).least == "same"
    assert step(ROLE, "replace", keys=("scope",), changed=("scope", "tags.a"), new=unknown).least == "update"
    assert step(ROLE, "replace", keys=("tags",), changed=("tags",), new=unknown).least == "replace"
    assert step(ROLE, "update", changed=("scope",), new=unknown).least == "same"
    assert step(ROLE, "update", changed=("tags[0]",), new=unknown).least == "update"
    assert step(ROLE, "delete").least == "delete"


def changed(type_: str, path: str, old: Any, new: Any) -> tuple[str, ...]:
    def nested(value: Any) -> dict[str, Any]:
        for part in reversed(path.split(".")):
            value = {part: value}
        return value

    return refused_changes([step(type_, "update", old=nested(old), new=nested(new))])


def test_what_is_decided_when_a_resource_is_made_is_refused_with_both_values() -> None:
    assert changed(VAULT, "properties.softDeleteRetentionInDays", 90, 30) == (
        (
            "properties.softDeleteRetentionInDays of vault one is decided when it is made: it is 90 and would be 30; "
            "set it back, or destroy this resource first"
        ),
    )


def test_it_is_refused_too_where_another_value_is_not_known_yet_and_nothing_is_sure_to_be_replaced() -> None:
    old = {"vaultName": "v", "properties": {"kty": "RSA-HSM"}}
    new = {"vaultName": UNKNOWN, "properties": {"kty": "RSA"}}
    key = step("azure-native:keyvault:Key", "replace", keys=("vaultName",), changed=("properties",), old=old, new=new)
    (sentence,) = refused_changes([key, step(VAULT, "update")])
    assert sentence.startswith("properties.kty of key one is decided when it is made")
    anew = step(VAULT, "replace", name="two", keys=("location",), new={"location": "n"})
    assert refused_changes([key, anew]) == ()


@pytest.mark.parametrize("rule", FIXED, ids=lambda rule: f"{rule.type.rpartition(':')[2]}-{rule.path}")
def test_every_rule_lets_what_stays_and_what_is_unknown_pass(rule: Any) -> None:
    assert changed(rule.type, rule.path, ["10.0.0.0/8"], ["10.0.0.0/8"]) == ()
    assert changed(rule.type, rule.path, ["10.0.0.0/8"], UNKNOWN) == ()


@pytest.mark.parametrize(
    ("type_", "path", "old", "new", "works"),
    [
        (VAULT, "properties.enablePurgeProtection", None, True, True),
        (VAULT, "properties.enablePurgeProtection", True, None, False),
        (WORKSPACE, "hbiWorkspace", True, False, False),
        (WORKSPACE, "managedNetwork.isolationMode", "Disabled", "AllowOnlyApprovedOutbound", False),
        ("azure-native:appconfiguration:ConfigurationStore", "softDeleteRetentionInDays", 0, 7, True),
        ("azure-native:appconfiguration:ConfigurationStore", "softDeleteRetentionInDays", 7, 1, False),
        (WORKSPACE, "managedNetwork.isolationMode", "AllowOnlyApprovedOutbound", "Disabled", False),
        (NETWORK, "addressSpace.addressPrefixes", ["10.1.0.0/16"], ["10.0.0.0/8"], True),
        (NETWORK, "addressSpace.addressPrefixes", ["10.1.0.0/16"], ["10.1.0.0/16", "10.2.0.0/16"], True),
        (NETWORK, "addressSpace.addressPrefixes", ["10.1.0.0/16"], ["10.2.0.0/16"], False),
        (NETWORK, "addressSpace.addressPrefixes", ["10.1.0.0/16"], ["10.1.0.0/17"], False),
        ("azure-native:network:Subnet", "addressPrefix", "10.1.0.0/24", "10.1.0.0/23", False),
        ("azure-native:appconfiguration:ConfigurationStore", "sku.name", "free", "standard", True),
        ("azure-native:appconfiguration:ConfigurationStore", "sku.name", "standard", "free", False),
        ("azure-native:keyvault:Key", "properties.kty", "RSA-HSM", "RSA", False),
        (ACCOUNT, "sku.name", "Standard_LRS", "Standard_GRS", True),
        (ACCOUNT, "sku.name", "Standard_GZRS", "Standard_ZRS", True),
        (ACCOUNT, "sku.name", "Standard_GZRS", "Standard_GRS", False),
        (ACCOUNT, "sku.name", "Standard_LRS", "Standard_ZRS", False),
    ],
)
def test_changes_in_one_direction(type_: str, path: str, old: Any, new: Any, works: bool) -> None:
    assert (changed(type_, path, old, new) == ()) is works


def in_state(name: str, type_: str = ACCOUNT, **fields: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:e::s::{type_}::{name}"
    return {"urn": urn, "type": type_, "custom": True, "id": f"/subscriptions/x/cloud-{name}", **fields}


def approved(name: str, certain: Kind | None, possible: Kind | None = None, type_: str = ACCOUNT) -> ResourceChange:
    urn = f"urn:pulumi:e::s::{type_}::{name}"
    return ResourceChange(urn=urn, certain=certain, possible=possible, properties=("location", "sku"))


def test_what_an_approved_change_would_lose_is_found_in_the_state() -> None:
    state = [in_state("a"), in_state("b"), in_state("c"), in_state("other")]
    changes = [approved("a", "replace"), approved("b", "delete"), approved("c", "update"), approved("new", "create")]
    assert [loss.name for loss in losses_of_state(changes, state)] == ["cloud-a", "cloud-b"]
    assert losses_of_state(changes, state)[0].sentence == (
        "storage account cloud-a would be replaced (location, sku changed), and with it all data in it"
    )
    assert losses_of_state(changes, state)[1].sentence.startswith("storage account cloud-b would be deleted")


def test_what_is_only_possible_gone_kept_or_no_resource_of_a_cloud_is_not_lost() -> None:
    assert losses_of_state([approved("a", None, "replace")], [in_state("a")]) == ()
    assert losses_of_state([approved("a", "update", "replace")], [in_state("a")]) == ()
    assert losses_of_state([approved("a", "replace")], []) == ()
    assert losses_of_state([approved("a", "delete")], [in_state("a", retainOnDelete=True)]) == ()
    assert losses_of_state([approved("a", "delete")], [in_state("a", custom=False)]) == ()
    assert losses_of_state([approved("a", "delete", type_=ROLE)], [in_state("a", ROLE)]) == ()


def test_each_loss_is_confirmed_by_its_own_name() -> None:
    lost = losses([step(ACCOUNT, "delete"), step(VAULT, "delete", name="two")])
    assert unconfirmed(lost, {"one", "two"}) == unconfirmed([], set()) == ""
    said = unconfirmed(lost, {"one", "other"})
    assert said.startswith("vault two would be deleted")
    assert said.endswith("; if that is meant, deploy with --confirm two")
    assert unconfirmed(lost, set()).endswith("--confirm one,two")
    assert lost[0].sentence in unconfirmed(lost, set())


def test_a_step_names_its_inputs_by_their_top_names() -> None:
    new = {"a": UNKNOWN, "b": {"c": [UNKNOWN]}, "d": 1}
    one = step(ROLE, "replace", keys=("b.c[0]", "a"), changed=("a", "b.c", "d[1].e"), new=new)
    assert one.properties == ("b", "a", "d")
    assert one.forcing == ("b", "a")
    assert one.unknown == ("b", "a")
