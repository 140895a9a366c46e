"""Secrets that stayed in their vault are found before they are made again."""

from pathlib import Path

import pytest

from shared.environment import Environment, load
from shared.naming import Names
from shared.reserved_names import NamesReservedError, check_secrets, secrets_of_state
from shared.reserved_names.errors import RegisterError
from shared.reserved_names.simulated import SimulatedRegister
from tests.sandbox.azure_platform import build
from tests.sandbox.simulated_cloud import simulated_cloud
from tests.unit.reserved_names.sample_reservations import HeldNames
from tests.unit.sample_environments import changed

TOKEN = "feature-source-token"
NONE = frozenset[str]()


def refused(environment: Environment, *held: str, managed: frozenset[str] = NONE) -> NamesReservedError:
    register = HeldNames(secrets_held=held)
    with pytest.raises(NamesReservedError) as error:
        check_secrets(environment, lambda: register, managed=managed, say=pytest.fail)
    assert register.asked == [(Names(environment).of("key_vault", "ml"),)]
    return error.value


def test_a_secret_that_the_vault_holds_and_the_state_does_not_is_refused() -> None:
    dev = load("dev")
    vault = Names(dev).of("key_vault", "ml")
    error = refused(dev, TOKEN.upper(), "other", managed=frozenset({"another"}))
    assert error.names == (TOKEN,)
    assert str(error) == (
        f"the secret {TOKEN} is not in the state of key_vault, and the key vault {vault} still holds it: give it "
        "another name under key_vault.secrets in environments/dev.yaml, or run, where the vault can be reached, "
        f"az keyvault secret delete --vault-name {vault} --name {TOKEN} and then "
        f"az keyvault secret purge --vault-name {vault} --name {TOKEN}"
    )


def test_what_purge_protection_keeps_is_not_offered_to_be_purged() -> None:
    prod = load("prod")
    sentence = str(refused(prod, TOKEN))
    assert "az keyvault" not in sentence
    assert sentence.endswith(
        f"a deleted one keeps its name for {prod.key_vault.soft_delete_days} days, since the vault has purge protection"
    )


def test_the_sandbox_is_destroyed() -> None:
    assert str(refused(load("sandbox"), TOKEN)).endswith("or run invoke destroy --env sandbox, which purges the vault")


def test_a_secret_that_the_vault_does_not_hold_is_free() -> None:
    register = HeldNames(secrets_held=["other"])
    check_secrets(load("dev"), lambda: register, managed=NONE, say=pytest.fail)
    assert len(register.asked) == 1


def test_nobody_is_asked_where_no_secret_is_new() -> None:
    def asked() -> HeldNames:
        pytest.fail("the register was made")

    dev = load("dev")
    check_secrets(dev, asked, managed=frozenset({TOKEN.upper(), "gone"}), say=pytest.fail)
    check_secrets(changed(dev, key_vault__secrets={}), asked, managed=NONE, say=pytest.fail)


def test_a_login_that_may_not_look_is_told_and_goes_on() -> None:
    said: list[str] = []
    problem = RegisterError(what="a secret in the key vault v", reason="AuthorizationFailed")
    check_secrets(load("dev"), lambda: HeldNames(unanswered=[problem]), managed=NONE, say=said.append)
    assert said == [str(problem)]


def test_the_state_tells_the_names_of_its_secrets_by_their_ids() -> None:
    vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
    resources = [
        {"type": "azure-native:keyvault:Secret", "id": f"{vault}/secrets/one"},
        {"type": "azure-native:keyvault:Secret"},
        {"type": "azure-native:keyvault:Vault", "id": vault},
        {"type": "pulumi:pulumi:Stack"},
    ]
    assert secrets_of_state(resources) == {"one"}


def test_the_simulated_vault_tells_its_secrets_deleted_ones_too(tmp_path: Path) -> None:
    inventory = tmp_path / "inventory.sqlite"
    with simulated_cloud(inventory) as cloud:
        made = build(cloud)
        secret, vault = made["secret"], made["vault"]
        name, home = (one.id.rpartition("/")[2] for one in (secret, vault))
        register = SimulatedRegister(inventory)
        assert register.secrets(home.upper()) == {name}
        assert register.secrets("other") == NONE
        cloud.delete(secret)
        assert register.secrets(home) == {name}
