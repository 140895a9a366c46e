"""A login that belongs elsewhere is refused, and a missing one is named, before anything is touched."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import exceptions
from botocore.stub import Stubber

from shared.environment import Environment, EnvironmentFileError, load
from shared.login import LoginMissingError, WrongLoginError, check_logins
from shared.login.aws_account import Sts
from shared.login.check import clouds_of

SUBSCRIPTION = "11111111-2222-3333-4444-5555555555aa"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeee01"
OTHER = "99999999-9999-9999-9999-999999999999"
ACCOUNT = "012345678901"
AZURE = frozenset({"azure-native"})
OIDC = {
    "ARM_USE_OIDC": "true",
    "ARM_CLIENT_ID": "3f1c0000-0000-0000-0000-000000000000",
    "ARM_TENANT_ID": TENANT,
    "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "planted-secret",
}
FAKE_AZ = """#!/bin/sh
echo "$@" >> "{calls}"
case "$*" in
  "account show --subscription {subscription} -o json") {known} ;;
  "account show -o json") {default} ;;
  *) echo "this call was not announced: $*" >&2; exit 99 ;;
esac
"""
NO_LOGIN = "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1"
UNKNOWN = 'echo "ERROR: Subscription not found." >&2; exit 1'


def filled() -> Environment:
    """Return prod as it is once every id is known."""
    prod = load("prod")
    cloud = {"subscription_id": SUBSCRIPTION, "tenant_id": TENANT}
    return prod.model_copy(
        update={
            "azure": prod.azure.model_copy(update=cloud),
            "aws": prod.aws.model_copy(update={"account_id": ACCOUNT, "region": "eu-west-1"}),
            "github": prod.github.model_copy(update={"organization_id": 1, "repository_id": 2}),
            "state": prod.state.model_copy(
                update={"backend": "azblob://state", "secrets_provider": "azurekeyvault://vault/keys/pulumi"}
            ),
        }
    )


def shown(subscription: str = SUBSCRIPTION, tenant: str = TENANT) -> str:
    answer = {"id": subscription, "tenantId": tenant, "name": "a name", "state": "Enabled", "user": {"type": "user"}}
    return f"echo '{json.dumps(answer)}'"


@pytest.fixture
def az(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Return a function that puts a fake az on PATH: it refuses every call that was not announced."""

    def install(known: str = "exit 99", default: str = "exit 99", **variables: str) -> dict[str, str]:
        script = tmp_path / "az"
        calls = tmp_path / "calls"
        script.write_text(FAKE_AZ.format(calls=calls, subscription=SUBSCRIPTION, known=known, default=default))
        script.chmod(0o755)
        return {"PATH": f"{tmp_path}:/usr/bin:/bin", **variables}

    return install


def stubbed(account: str = ACCOUNT, error: str = "", seen: list[str] | None = None) -> Callable[[str], Sts]:
    """Return what makes a client of AWS that answers once, and refuses any other call."""

    def make(region: str) -> Sts:
        if seen is not None:
            seen.append(region)
        session: Any = botocore.session.Session()
        client = session.create_client(
            "sts", region_name=region, aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        stubber = Stubber(client)
        if error:
            stubber.add_client_error("get_caller_identity", error, "planted-secret in a message")
        else:
            identity = {
                "Account": account,
                "Arn": f"arn:aws:iam::{account}:user/someone",
                "UserId": "AIDAEXAMPLEEXAMPLE",
            }
            stubber.add_response("get_caller_identity", identity, {})
        stubber.activate()
        return client

    return make


def failing(error: Exception) -> Callable[[str], Sts]:
    def make(region: str) -> Sts:
        raise error

    return make


def untouched(region: str) -> Sts:
    raise AssertionError("AWS was asked, and nothing needs it")


def wrong(variables: Mapping[str, str], sts: Callable[[str], Sts] = untouched, packages: frozenset[str] = AZURE) -> Any:
    with pytest.raises(WrongLoginError) as caught:
        check_logins(filled(), packages, variables=variables, sts=sts)
    return caught.value


def missing(
    variables: Mapping[str, str], sts: Callable[[str], Sts] = untouched, packages: frozenset[str] = AZURE
) -> LoginMissingError:
    with pytest.raises(LoginMissingError) as caught:
        check_logins(filled(), packages, variables=variables, sts=sts)
    assert "planted-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_the_logins_of_the_file_pass(az: Callable[..., dict[str, str]]) -> None:
    seen: list[str] = []
    check_logins(filled(), variables=az(known=shown()), sts=stubbed(seen=seen))
    assert seen == ["eu-west-1"]


def test_an_id_in_other_letters_is_the_same(az: Callable[..., dict[str, str]]) -> None:
    check_logins(filled(), AZURE, variables=az(known=shown(SUBSCRIPTION.upper(), TENANT.upper())), sts=untouched)


def test_ids_that_are_null_are_refused_before_any_login_is_looked_at() -> None:
    empty = filled().model_copy(update={"aws": filled().aws.model_copy(update={"account_id": None})})
    with pytest.raises(EnvironmentFileError) as caught:
        check_logins(empty, variables={}, sts=untouched)
    assert caught.value.key == "aws.account_id"


def test_the_cli_is_asked_for_the_subscription_of_the_file(az: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    check_logins(filled(), AZURE, variables=az(known=shown()), sts=untouched)
    assert (tmp_path / "calls").read_text() == f"account show --subscription {SUBSCRIPTION} -o json\n"


def test_a_cli_in_another_tenant_is_refused(az: Callable[..., dict[str, str]]) -> None:
    error = wrong(az(known=shown(tenant=OTHER)))
    assert (error.cloud, error.what, error.expected, error.found) == ("Azure", "tenant", TENANT, OTHER)
    assert str(error) == (
        f"the Azure login belongs to tenant {OTHER}, and environments/prod.yaml says {TENANT} (azure.tenant_id); "
        f"run az login --tenant {TENANT}"
    )


def test_a_cli_that_does_not_know_the_subscription_is_refused(az: Callable[..., dict[str, str]]) -> None:
    error = wrong(az(known=UNKNOWN, default=shown(subscription=OTHER)))
    assert (error.what, error.key, error.found) == ("subscription", "azure.subscription_id", OTHER)


def test_a_cli_without_login_is_missing(az: Callable[..., dict[str, str]]) -> None:
    error = missing(az(known=NO_LOGIN, default=NO_LOGIN))
    assert error.clouds == ("Azure",)
    assert str(error) == f"there is no login for Azure (az is not logged in); run az login --tenant {TENANT}"


def test_a_machine_without_az_is_told_so(tmp_path: Path) -> None:
    assert missing({"PATH": str(tmp_path)}).missing[0].reason == "az is not on PATH and no ARM_* login is set"


@pytest.mark.parametrize("answer", ["echo not json", "echo '[]'", "echo 'null'", "echo '{}'", "printf '\\377'"])
def test_an_answer_of_az_that_nobody_knows_is_no_login(az: Callable[..., dict[str, str]], answer: str) -> None:
    assert missing(az(known=answer)).missing[0].reason == "az account show gave no answer that is known"


def test_an_az_that_hangs_is_no_login(az: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.login.azure_cli._SECONDS", 0.2)
    assert "did not answer within" in missing(az(known="exec sleep 20")).missing[0].reason


def test_variables_of_a_workflow_pass_without_az() -> None:
    check_logins(filled(), AZURE, variables=OIDC, sts=untouched)


@pytest.mark.parametrize(("variable", "what"), [("ARM_TENANT_ID", "tenant"), ("ARM_SUBSCRIPTION_ID", "subscription")])
def test_variables_of_another_place_are_refused(variable: str, what: str) -> None:
    error = wrong({**OIDC, variable: OTHER})
    assert (error.what, error.found) == (what, OTHER)
    assert variable in error.fix


@pytest.mark.parametrize("variable", ["ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID"])
def test_variables_that_contradict_the_file_are_refused_beside_the_cli_too(
    az: Callable[..., dict[str, str]], variable: str
) -> None:
    assert wrong(az(known=shown(), **{variable: OTHER})).found == OTHER


@pytest.mark.parametrize(
    ("method", "needs"),
    [
        ({"ARM_USE_OIDC": "true"}, ("ARM_CLIENT_ID", "ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")),
        ({"ARM_CLIENT_SECRET": "planted-secret"}, ("ARM_CLIENT_ID", "ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")),
        ({"ARM_CLIENT_CERTIFICATE_PATH": "a.pfx"}, ("ARM_CLIENT_ID", "ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")),
        ({"ARM_USE_MSI": "true"}, ("ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")),
        ({"ARM_USE_DEFAULT_AZURE_CREDENTIAL": "true"}, ("ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID")),
    ],
)
def test_each_way_of_variables_names_what_it_lacks(method: dict[str, str], needs: tuple[str, ...]) -> None:
    assert missing(method).missing[0].fix == f"set {', '.join(needs)}"
    complete = {**OIDC, "ARM_USE_OIDC": "false", **method}
    check_logins(filled(), AZURE, variables=complete, sts=untouched)
    assert wrong({**complete, "ARM_TENANT_ID": OTHER}).found == OTHER


@pytest.mark.parametrize("value", ["1", "True", "TRUE", "yes", ""])
def test_only_the_text_true_turns_a_way_on(az: Callable[..., dict[str, str]], value: str) -> None:
    """As the azure-native provider reads it: it would use the CLI here, so the CLI is what is checked."""
    assert wrong(az(known=shown(tenant=OTHER), ARM_USE_OIDC=value)).found == OTHER


@pytest.mark.parametrize(
    ("tokens", "enough"),
    [
        ({}, False),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "u"}, False),
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "u", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"}, True),
        ({"ARM_OIDC_TOKEN": "t"}, True),
        ({"ARM_OIDC_TOKEN_FILE_PATH": "f"}, True),
    ],
)
def test_a_workflow_needs_a_token_to_exchange(tokens: dict[str, str], enough: bool) -> None:
    variables = {name: value for name, value in OIDC.items() if name.startswith("ARM_")} | tokens
    if enough:
        check_logins(filled(), AZURE, variables=variables, sts=untouched)
    else:
        assert "id-token: write" in missing(variables).missing[0].fix


def test_another_account_is_refused() -> None:
    error = wrong(OIDC, stubbed(account="999999999999"), frozenset({"aws"}))
    assert (error.cloud, error.what, error.expected, error.found) == ("AWS", "account", ACCOUNT, "999999999999")
    assert error.key == "aws.account_id"


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "AccessDenied"])
def test_credentials_that_aws_refuses_are_missing(code: str) -> None:
    error = missing(OIDC, stubbed(error=code), frozenset({"aws"}))
    assert error.missing[0].reason == f"AWS refused the credentials with {code}"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (exceptions.NoCredentialsError(), "no credentials were found"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), "the credentials are incomplete"),
        (exceptions.ProfileNotFound(profile="x"), "the profile does not exist"),
        (exceptions.ConfigParseError(path="x"), "the configuration file cannot be read"),
        (exceptions.UnauthorizedSSOTokenError(), "the SSO session has ended"),
        (exceptions.SSOTokenLoadError(error_msg="x"), "the SSO session has ended"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="x"), "the SSO session has ended"),
        (exceptions.EndpointConnectionError(endpoint_url="x"), "AWS cannot be reached"),
        (exceptions.ConnectTimeoutError(endpoint_url="x"), "AWS cannot be reached"),
        (exceptions.ReadTimeoutError(endpoint_url="x"), "AWS cannot be reached"),
        (
            exceptions.CredentialRetrievalError(provider="process", error_msg="planted-secret"),
            "the credentials cannot be read: CredentialRetrievalError",
        ),
    ],
)
def test_aws_without_a_usable_login_is_missing(error: Exception, reason: str) -> None:
    assert missing(OIDC, failing(error), frozenset({"aws"})).missing[0].reason == reason


def test_all_missing_logins_are_named_at_once(tmp_path: Path) -> None:
    error = missing({"PATH": str(tmp_path)}, failing(exceptions.NoCredentialsError()), frozenset({"aws", "azuread"}))
    assert error.clouds == ("Azure", "AWS")
    assert str(error) == (
        "there is no login for Azure (az is not on PATH and no ARM_* login is set) and AWS (no credentials were "
        "found); install az, and run aws sso login, or set AWS_PROFILE"
    )


def test_a_wrong_login_counts_more_than_a_missing_one(tmp_path: Path) -> None:
    error = wrong({"PATH": str(tmp_path)}, stubbed(account="999999999999"), frozenset({"aws"}))
    assert error.cloud == "AWS"


@pytest.mark.parametrize(
    ("packages", "backend", "provider", "plan_set_key", "clouds"),
    [
        (set[str](), "azblob://state", "azurekeyvault://v/k", None, {"Azure"}),
        (set[str](), "s3://state", "awskms://k", "awskms://p", {"AWS"}),
        (set[str](), "s3://state", "awskms://k", "azurekeyvault://v/p", {"AWS", "Azure"}),
        (set[str](), "file://state", "passphrase", None, set[str]()),
        ({"aws"}, "azblob://state", "passphrase", None, {"AWS", "Azure"}),
        ({"azuread"}, "file://state", "awskms://k", None, {"AWS", "Azure"}),
        ({"azure-native"}, "file://state", "passphrase", None, {"Azure"}),
    ],
)
def test_state_and_packages_say_which_clouds_are_needed(
    packages: set[str], backend: str, provider: str, plan_set_key: str | None, clouds: set[str]
) -> None:
    urls = {"backend": backend, "secrets_provider": provider, "plan_set_key": plan_set_key}
    state = filled().state.model_copy(update=urls)
    assert clouds_of(filled().model_copy(update={"state": state}), frozenset(packages)) == clouds


def test_a_package_without_a_guard_is_refused() -> None:
    with pytest.raises(ValueError, match="no login guard for gcp"):
        check_logins(filled(), frozenset({"aws", "gcp"}), variables={}, sts=untouched)


def test_the_real_client_finds_no_login_on_a_machine_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(LoginMissingError, match="no credentials were found"):
        check_logins(filled(), frozenset({"aws"}), variables=OIDC)


def test_the_real_client_needs_a_profile_that_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(LoginMissingError, match="the profile does not exist"):
        check_logins(filled(), frozenset({"aws"}), variables=OIDC)


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**OIDC, "ARM_TENANT_ID": OTHER}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongLoginError):
        check_logins(filled(), AZURE, sts=untouched)
