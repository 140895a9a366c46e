"""A key of Azure Key Vault wraps and signs; rotation breaks nothing; a stranger's set is refused."""

import base64
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from shared.environment import load
from shared.plan_set.archive import read, write
from shared.plan_set.azure_key import AzureKey, azure_key
from shared.plan_set.errors import PlanSetKeyError, PlanSetRefusedError, WrapRefusedError
from shared.plan_set.key_choice import key_of
from tests.unit.ml_workspace.client.local_service import TOKEN, StandIn
from tests.unit.plan_set.fake_vault import FIRST, HOST, SECOND, URL, FakeVault
from tests.unit.plan_set.sample_plan_set import PLANS, manifest

DATA_KEY = bytes(range(32))


@pytest.fixture(scope="module")
def shared_vault() -> FakeVault:
    return FakeVault()


@pytest.fixture
def vault(shared_vault: FakeVault) -> FakeVault:
    """The vault with its first key only: making RSA keys takes long."""
    fresh = FakeVault.__new__(FakeVault)
    fresh.__dict__ = {
        **shared_vault.__dict__,
        "versions": {FIRST: shared_vault.versions[FIRST]},
        "refusals": {},
        "attributes": {"enabled": True},
        "asked": [],
    }
    return fresh


def key_in(vault: FakeVault, url: str = URL) -> AzureKey:
    return azure_key(url, subscription="", credential=StandIn(), transport=vault.transport(), retry_total=0)


def changed(wrapped: bytes, fields: Mapping[str, object]) -> bytes:
    return json.dumps({**json.loads(wrapped), **fields}).encode()


def test_it_unwraps_what_it_wrapped(vault: FakeVault) -> None:
    key = key_in(vault)
    wrapped = key.wrap(DATA_KEY, "prod")
    assert DATA_KEY not in wrapped
    assert key.unwrap(wrapped, "prod") == DATA_KEY
    assert vault.asked == ["get", "sign", "get", "unwrapkey"]


def test_a_plan_set_goes_through_it(vault: FakeVault, tmp_path: Path) -> None:
    write(tmp_path / "set", manifest(), PLANS, key_in(vault))
    assert read(tmp_path / "set", environment="prod", key=key_in(vault)).plans == PLANS


def test_a_rotated_key_unwraps_what_its_old_version_wrapped(vault: FakeVault) -> None:
    before = key_in(vault).wrap(DATA_KEY, "prod")
    vault.rotate()
    after = key_in(vault).wrap(DATA_KEY, "prod")
    assert (json.loads(before)["version"], json.loads(after)["version"]) == (FIRST, SECOND)
    for wrapped in (before, after):
        assert key_in(vault).unwrap(wrapped, "prod") == DATA_KEY


def test_a_url_with_a_version_uses_that_version_only(vault: FakeVault) -> None:
    vault.rotate()
    pinned = key_in(vault, f"{URL}/{FIRST}")
    wrapped = pinned.wrap(DATA_KEY, "prod")
    assert json.loads(wrapped)["version"] == FIRST
    assert pinned.unwrap(wrapped, "prod") == DATA_KEY
    with pytest.raises(WrapRefusedError):
        pinned.unwrap(key_in(vault).wrap(DATA_KEY, "prod"), "prod")


def test_another_environment_is_refused(vault: FakeVault) -> None:
    wrapped = key_in(vault).wrap(DATA_KEY, "prod")
    with pytest.raises(WrapRefusedError):
        key_in(vault).unwrap(wrapped, "staging")
    assert "unwrapkey" not in vault.asked


def test_what_a_stranger_wrapped_with_the_public_half_is_refused(vault: FakeVault) -> None:
    key = key_in(vault)
    ours = key.wrap(DATA_KEY, "prod")
    theirs = changed(ours, {"key": _base64(vault.wrapped_by_a_stranger(b"s" * 32))})
    with pytest.raises(WrapRefusedError):
        key.unwrap(theirs, "prod")
    assert "unwrapkey" not in vault.asked


@pytest.mark.parametrize(
    "fields",
    [
        {"version": SECOND},
        {"version": "../../secrets"},
        {"version": 1},
        {"version": None},
        {"key": "not base64!"},
        {"key": 7},
        {"signature": "AAAA"},
        {"signature": ""},
    ],
)
def test_a_changed_wrap_is_refused(vault: FakeVault, fields: Mapping[str, object]) -> None:
    wrapped = changed(key_in(vault).wrap(DATA_KEY, "prod"), fields)
    with pytest.raises(WrapRefusedError):
        key_in(vault).unwrap(wrapped, "prod")


@pytest.mark.parametrize("wrapped", [b"", b"[]", b"1", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_wrap_is_refused(vault: FakeVault, wrapped: bytes) -> None:
    with pytest.raises(WrapRefusedError):
        key_in(vault).unwrap(wrapped, "prod")
    assert vault.asked == []


def test_a_wrap_that_the_vault_refuses_is_refused(vault: FakeVault) -> None:
    wrapped = key_in(vault).wrap(DATA_KEY, "prod")
    vault.refusals["unwrapkey"] = (400, "BadParameter")
    with pytest.raises(WrapRefusedError):
        key_in(vault).unwrap(wrapped, "prod")


@pytest.mark.parametrize(
    ("operation", "status", "code", "problem", "fix"),
    [
        ("get", 403, "Forbidden", "the vault refused with 403 Forbidden", "ask for get, sign and wrapKey"),
        ("sign", 403, "Forbidden", "the vault refused with 403 Forbidden", "ask for get, sign and wrapKey"),
        ("get", 404, "KeyNotFound", "it is not there", "name a key that exists in state.plan_set_key"),
        ("sign", 500, "InternalServerError", "the vault refused with 500 InternalServerError", "try again later"),
    ],
)
def test_a_vault_that_refuses_is_named(
    vault: FakeVault, *, operation: str, status: int, code: str, problem: str, fix: str
) -> None:
    wrapped = key_in(vault).wrap(DATA_KEY, "prod")
    vault.refusals[operation] = (status, code)
    with pytest.raises(PlanSetKeyError) as caught:
        key_in(vault).wrap(DATA_KEY, "prod")
    assert (caught.value.url, caught.value.problem) == (URL, problem)
    assert caught.value.fix.startswith(fix)
    assert "planted" not in str(caught.value)
    if operation == "get":
        with pytest.raises(PlanSetKeyError, match=problem):
            key_in(vault).unwrap(wrapped, "prod")


def test_who_may_not_unwrap_is_told_so(vault: FakeVault) -> None:
    wrapped = key_in(vault).wrap(DATA_KEY, "prod")
    vault.refusals["unwrapkey"] = (403, "Forbidden")
    with pytest.raises(PlanSetKeyError, match="refused with 403 Forbidden"):
        key_in(vault).unwrap(wrapped, "prod")


def test_a_vault_that_does_not_answer_is_named(vault: FakeVault) -> None:
    vault.unreachable = True
    with pytest.raises(PlanSetKeyError, match="the vault did not answer") as caught:
        key_in(vault).wrap(DATA_KEY, "prod")
    assert "planted" not in str(caught.value)


def test_a_login_without_a_token_is_said(vault: FakeVault) -> None:
    class Nobody(StandIn):
        def get_token(self, *scopes: str, **_: object) -> AccessToken:
            raise ClientAuthenticationError("planted words")

    key = azure_key(URL, subscription="", credential=Nobody(), transport=vault.transport())
    with pytest.raises(PlanSetKeyError, match="the login gives no token; run az login"):
        key.wrap(DATA_KEY, "prod")


def test_an_expired_key_wraps_nothing_and_still_unwraps(vault: FakeVault) -> None:
    wrapped = key_in(vault).wrap(DATA_KEY, "prod")
    vault.attributes = {"enabled": True, "exp": 1_000_000_000}
    with pytest.raises(PlanSetKeyError, match="it has expired"):
        key_in(vault).wrap(DATA_KEY, "prod")
    assert key_in(vault).unwrap(wrapped, "prod") == DATA_KEY


def test_no_data_key_and_no_token_in_logs(vault: FakeVault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "azure")  # the client, as a program, has it say nothing
    key = key_in(vault)
    key.unwrap(key.wrap(DATA_KEY, "prod"), "prod")
    said = f"{caplog.text}{key!r}"
    assert "api-version" in said
    assert TOKEN not in said
    for spelled in (repr(DATA_KEY), DATA_KEY.hex(), _base64(DATA_KEY), _base64(DATA_KEY).rstrip("=")):
        assert spelled not in said


@pytest.mark.parametrize(
    "url",
    [
        "azurekeyvault://kv/secrets/a",
        "azurekeyvault:///keys/a",
        f"{URL}/short",
        f"{URL}?x=1",
        f"https://{HOST}/keys/plan-sets",
    ],
)
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(PlanSetKeyError, match="its URL is not one of a key in Azure Key Vault"):
        azure_key(url, subscription="", credential=StandIn())


def test_the_environments_file_says_which_key(tmp_path: Path) -> None:
    prod = load("prod")
    state = prod.state.model_copy(update={"plan_set_key": f"{URL}/{FIRST}"})
    key = key_of(prod.model_copy(update={"state": state}), None)
    assert isinstance(key, AzureKey)
    assert (key.vault, key.name, key.version) == (f"https://{HOST}", "plan-sets", FIRST)


def test_a_refusal_of_the_key_refuses_the_plan_set(vault: FakeVault, tmp_path: Path) -> None:
    write(tmp_path / "set", manifest(), PLANS, key_in(vault))
    vault.versions = {SECOND: vault.versions[FIRST]}
    with pytest.raises(PlanSetRefusedError, match="it was changed or cut off since it was written"):
        read(tmp_path / "set", environment="prod", key=key_in(vault))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
