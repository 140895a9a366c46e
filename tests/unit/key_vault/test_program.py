"""The key_vault stack: closed vaults, a key of ours where asked for, secrets that stay secret."""

import datetime

import pytest

from shared.contracts import IdentityOutputs
from stacks.key_vault.program import program
from stacks.key_vault.secrets import SecretMissingError
from tests.unit.sample_environments import sandbox, service_endpoint_environment
from tests.unit.stack_mocks import Run, run_program

VALUE = "a-value-that-must-not-show"
SECRETS = {"feature-source-token": VALUE}


def _run(**changes: object) -> Run:
    return run_program(program, sandbox(**changes), IdentityOutputs, secrets=SECRETS)


@pytest.fixture(scope="module")
def run() -> Run:
    return _run()


@pytest.mark.parametrize("name", ["ml-vault", "cmk-vault"])
def test_vaults_take_roles_only_and_deny_the_network(run: Run, name: str) -> None:
    vault = run.one("keyvault:Vault", name).inputs["properties"]
    assert vault["enableRbacAuthorization"] is True
    assert vault["publicNetworkAccess"] == "Disabled"
    assert vault["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    assert vault["enableSoftDelete"] is True
    assert vault["softDeleteRetentionInDays"] == 90
    assert vault["tenantId"] == "tenant_id"
    assert not [key for key, value in vault.items() if key.startswith("enabledFor") and value]
    assert "accessPolicies" not in vault


def test_purge_protection_is_on_or_left_out() -> None:
    for purge in (True, False):
        vaults = _run(protection__purge=purge).all("keyvault:Vault").values()
        assert {one.inputs["properties"].get("enablePurgeProtection") for one in vaults} == {True if purge else None}


def test_the_key_is_in_hardware_rotates_and_stays(run: Run) -> None:
    assert run.one("keyvault:Vault", "cmk-vault").inputs["properties"]["sku"]["name"] == "premium"
    assert run.one("keyvault:Vault", "ml-vault").inputs["properties"]["sku"]["name"] == "standard"
    key = run.one("keyvault:Key")
    properties = key.inputs["properties"]
    assert (properties["kty"], properties["keySize"]) == ("RSA-HSM", 3072)
    assert set(properties["keyOps"]) == {"wrapKey", "unwrapKey"}
    actions = {one["action"]["type"]: one["trigger"] for one in properties["rotationPolicy"]["lifetimeActions"]}
    assert {one["timeBeforeExpiry"] for one in actions.values()} == {"P60D", "P30D"}
    assert key.retain_on_delete
    assert run.outputs["cmk_key_name"] == "cmk"


def test_a_software_key_needs_no_premium_vault() -> None:
    run = _run(key_vault__hardware_keys=False)
    assert run.one("keyvault:Key").inputs["properties"]["kty"] == "RSA"
    assert run.one("keyvault:Vault", "cmk-vault").inputs["properties"]["sku"]["name"] == "standard"


def test_without_a_key_of_ours_the_contract_says_so() -> None:
    run = run_program(program, service_endpoint_environment(), IdentityOutputs, secrets=SECRETS)
    assert set(run.all("keyvault:Vault")) == {"ml-vault"}
    assert run.one("keyvault:Vault").inputs["properties"]["publicNetworkAccess"] == "Enabled"
    assert run.one("keyvault:Vault").inputs["properties"]["networkAcls"]["defaultAction"] == "Deny"
    assert not run.all("keyvault:Key")
    absent = {name for name, value in run.outputs.items() if value is None}
    assert absent == {"cmk_vault_id", "cmk_vault_uri", "cmk_key_name"}


def test_secrets_are_secret_and_expire_on_their_day(run: Run) -> None:
    secret = run.one("keyvault:Secret", "feature-source-token")
    assert secret.inputs["properties"]["value"] == VALUE
    assert secret.secrets == {"properties"}
    expires = secret.inputs["properties"]["attributes"]["expires"]
    assert datetime.datetime.fromtimestamp(expires, datetime.UTC) == datetime.datetime(2028, 1, 1, tzinfo=datetime.UTC)
    assert secret.inputs["properties"]["contentType"]
    assert secret.retain_on_delete
    assert run.outputs["secret_names"] == ["feature-source-token"]
    assert VALUE not in str(run.outputs)


def test_a_secret_without_a_value_names_the_command() -> None:
    with pytest.raises(SecretMissingError, match="invoke secret set feature-source-token --stack key_vault") as error:
        run_program(program, sandbox(), IdentityOutputs)
    assert (error.value.name, error.value.environment) == ("feature-source-token", "sandbox")


def test_who_may_use_the_vaults(run: Run) -> None:
    granted = {(scope, role) for scope, _, role in run.granted()}
    assert granted == {
        ("ml-vault", "workspace-contributor"),
        ("ml-vault", "workspace-key-vault-administrator"),
        ("ml-vault", "workspace-network-connection-approver"),
        ("ml-vault", "compute-key-vault-secrets-user"),
        ("ml-vault", "endpoint-key-vault-secrets-user"),
        ("ml-vault", "ml-admins-key-vault-secrets-officer"),
        ("cmk-vault", "cmk-key-vault-encryption-user"),
    }
    kinds = {one.name: one.inputs["principalType"] for one in run.all("authorization:RoleAssignment").values()}
    assert {name for name, kind in kinds.items() if kind == "Group"} == {"ml-vault-ml-admins-key-vault-secrets-officer"}


def test_only_a_managed_network_needs_an_approver() -> None:
    run = run_program(program, service_endpoint_environment(), IdentityOutputs, secrets=SECRETS)
    assert not [role for _, _, role in run.granted() if "approver" in role]


def test_vaults_log_who_read_what(run: Run) -> None:
    settings = run.all("monitor:DiagnosticSetting")
    assert set(settings) == {"ml-vault-logs", "cmk-vault-logs"}
    for setting in settings.values():
        assert setting.inputs["logs"] == [{"categoryGroup": "audit", "enabled": True}]
        assert setting.inputs["workspaceId"] == run.outputs["log_analytics_id"]


def test_protection_follows_the_environment() -> None:
    plain, protected = _run(), _run(protection__deletion=True, protection__locks=True)
    assert not plain.all("authorization:ManagementLockByScope")
    lock = protected.one("authorization:ManagementLockByScope").inputs
    assert (lock["level"], lock["scope"]) == ("CanNotDelete", protected.outputs["cmk_vault_id"])
    stateful = {"keyvault:Vault", "keyvault:Key"}
    for run, expected in ((plain, False), (protected, True)):
        assert {one.protect for one in run.resources if one.type.split(":", 1)[1] in stateful} == {expected}


@pytest.mark.parametrize("cap", [None, 1.0])
def test_log_analytics_follows_the_environment(cap: float | None) -> None:
    logs = _run(logs__daily_cap_gb=cap).one("operationalinsights:Workspace").inputs
    assert logs["retentionInDays"] == sandbox().logs.retention_days
    assert logs.get("workspaceCapping") == (None if cap is None else {"dailyQuotaGb": 1})
    assert logs["features"] == {"disableLocalAuth": True}


def test_everything_is_tagged(run: Run) -> None:
    tagged = [one for one in run.resources if "tags" in one.inputs]
    assert {one.type.split(":", 1)[1] for one in tagged} == {
        "operationalinsights:Workspace",
        "keyvault:Vault",
        "keyvault:Key",
        "keyvault:Secret",
    }
    assert {one.inputs["tags"]["stack"] for one in tagged} == {"key_vault"}
