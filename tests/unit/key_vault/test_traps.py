"""Each trap of vaults, keys and secrets, and that the program does not step into it. A test is named for its trap."""

import json

import pytest

from shared.contracts import IdentityOutputs
from shared.environment import load
from stacks.key_vault.program import program
from tests.unit.sample_environments import ACCOUNT, changed, sandbox
from tests.unit.stack_mocks import Run, run_program


@pytest.fixture(scope="module", params=["sandbox", "dev", "staging", "prod"])
def run(request: pytest.FixtureRequest) -> Run:
    loaded = load(str(request.param))
    environment = changed(loaded, aws__account_id=loaded.aws.account_id or ACCOUNT)
    return run_program(
        program, environment, IdentityOutputs, secrets=dict.fromkeys(environment.key_vault.secrets, "value")
    )


def _properties(run: Run) -> list[dict[str, object]]:
    return [dict(one.inputs["properties"]) for one in run.all("keyvault:Vault").values()]


def test_sdk_defaults_turn_roles_off_and_open_the_network(run: Run) -> None:
    # The SDK sends enableRbacAuthorization false and publicNetworkAccess enabled where they are left out.
    for properties in _properties(run):
        assert properties["enableRbacAuthorization"] is True
        assert properties["publicNetworkAccess"] in ("Disabled", "Enabled")
        assert properties["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}


def test_sdk_defaults_do_not_decide_anything_else(run: Run) -> None:
    decided = {
        "tenantId",
        "sku",
        "enableRbacAuthorization",
        "publicNetworkAccess",
        "networkAcls",
        "enableSoftDelete",
        "softDeleteRetentionInDays",
        "enabledForDeployment",
        "enabledForDiskEncryption",
        "enabledForTemplateDeployment",
    }
    for properties in _properties(run):
        assert set(properties) - {"enablePurgeProtection"} == decided
        assert not [key for key, value in properties.items() if key.startswith("enabledFor") and value is not False]


def test_purge_protection_cannot_be_said_to_be_off(run: Run) -> None:
    for properties in _properties(run):
        assert properties.get("enablePurgeProtection") in (True, None)
        assert "enablePurgeProtection" not in properties or properties["enablePurgeProtection"] is True


def test_deleting_keys_and_secrets_needs_a_network_that_no_runner_has(run: Run) -> None:
    below = [*run.all("keyvault:Key").values(), *run.all("keyvault:Secret").values()]
    assert below
    assert {one.retain_on_delete for one in below} == {True}


def test_a_key_with_a_version_is_not_rotated(run: Run) -> None:
    assert "keyversion" not in json.dumps([one.inputs for one in run.resources]).lower()
    published = json.dumps({name: str(value) for name, value in run.outputs.items()})
    assert "keys/" not in published


def test_a_moving_expiry_is_an_endless_difference() -> None:
    def expiry() -> object:
        run = run_program(program, sandbox(), IdentityOutputs, secrets={"feature-source-token": "value"})
        return run.one("keyvault:Secret").inputs["properties"]["attributes"]["expires"]

    assert expiry() == expiry() == 1830297600


def test_soft_delete_days_are_fixed_at_creation(run: Run) -> None:
    expected = {90} if len(run.all("keyvault:Vault")) == 2 else {7}
    assert {properties["softDeleteRetentionInDays"] for properties in _properties(run)} == expected


def test_the_vault_comes_before_the_subnet_of_its_private_endpoint(run: Run) -> None:
    assert not [one.type for one in run.resources if ":network:" in one.type]
