"""Which questions Azure Resource Manager is asked, and what its answers mean."""

import dataclasses
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from shared.environment import Environment
from shared.naming import Names
from shared.reserved_names import PurgeError, Reservation
from shared.reserved_names.azure_api import arm_client
from shared.reserved_names.azure_credential import assertion, credential
from shared.reserved_names.azure_register import AzureRegister
from shared.reserved_names.errors import RegisterError
from shared.reserved_names.names import KeptName, kept_names
from tests.unit.ml_workspace.client.local_service import (
    TOKEN,
    Answer,
    Asked,
    Service,
    StandIn,
    service,
    write_certificate,
)
from tests.unit.reserved_names.sample_reservations import UNTIL, reservation
from tests.unit.sample_environments import SUBSCRIPTION, sandbox

TODAY = datetime.datetime(2026, 12, 20, tzinfo=datetime.UTC)
VAULTS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults"
STORES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AppConfiguration/deletedConfigurationStores"
LOG = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(autouse=True)
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def environment() -> Environment:
    return sandbox()


def azure(environment: Environment, url: str, sleeps: list[float] | None = None) -> AzureRegister:
    naps = [] if sleeps is None else sleeps
    return AzureRegister(environment, arm_client(StandIn(), url), clock=lambda: TODAY, sleep=naps.append)


def listed(name: str, *, protected: bool = False) -> dict[str, object]:
    return {
        "name": name,
        "properties": {
            "location": "West Europe",
            "deletionDate": "2026-12-17T18:30:00Z",
            "scheduledPurgeDate": "2026-12-24T18:30:00.0000000Z",
            "purgeProtectionEnabled": protected,
        },
    }


def documents(**by_path: object) -> Callable[[Asked], Answer]:
    """Answer each path with a document, and others with an empty list."""

    def answer(asked: Asked) -> Answer:
        return Answer(body=json.dumps(by_path.get(urlsplit(asked.path).path, {"value": []})))

    return answer


def test_vaults_and_stores_are_looked_up_in_the_lists_of_the_subscription(
    environment: Environment, certificate: Path
) -> None:
    vault, store = reservation(environment, "key vault"), reservation(environment, "App Configuration store")
    answer = documents(
        **{
            VAULTS: {"value": [listed("another"), listed(vault.name.upper(), protected=True)]},
            STORES: {"value": [listed(store.name)]},
        }
    )
    with service(certificate.parent, answer) as running:
        found = azure(environment, running.url).find(kept_names(environment))
    assert found.unanswered == ()
    assert found.reservations == (
        Reservation(service="key vault", name=vault.name.upper(), location="westeurope", until=UNTIL, protected=True),
        Reservation(
            service="App Configuration store", name=store.name, location="westeurope", until=UNTIL, protected=False
        ),
    )
    assert all(one.headers["authorization"] == f"Bearer {TOKEN}" for one in running.asked)
    asked = {urlsplit(one.path).path: parse_qs(urlsplit(one.path).query)["api-version"] for one in running.asked}
    assert asked == {VAULTS: ["2024-11-01"], STORES: ["2024-05-01"], LOG: ["2015-04-01"]}


def test_every_page_of_a_list_is_read(environment: Environment, certificate: Path) -> None:
    vault = reservation(environment, "key vault")
    running: Service

    def answer(asked: Asked) -> Answer:
        if "skiptoken" in asked.path:
            return Answer(body=json.dumps({"value": [listed(vault.name)]}))
        return Answer(body=json.dumps({"value": [], "nextLink": f"{running.url}{VAULTS}?skiptoken=2"}))

    with service(certificate.parent, answer) as running:
        found = azure(environment, running.url).find([one for one in kept_names(environment) if one.name == vault.name])
    assert [one.name for one in found.reservations] == [vault.name]


def test_the_token_is_sent_to_no_other_address(environment: Environment, certificate: Path) -> None:
    answer = documents(**{VAULTS: {"value": [], "nextLink": "https://127.0.0.1.example.com/next"}})
    with service(certificate.parent, answer) as running:
        found = azure(environment, running.url).find(
            [one for one in kept_names(environment) if one.stack == "key_vault"]
        )
    (error,) = found.unanswered
    assert "the next page of a list is at another address" in str(error)


def event(operation: str, status: str, when: str) -> dict[str, object]:
    return {"operationName": {"value": operation}, "status": {"value": status}, "eventTimestamp": when}


DELETE = "Microsoft.MachineLearningServices/workspaces/delete"


def workspace_names(environment: Environment) -> list[KeptName]:
    return [one for one in kept_names(environment) if one.service == "ML workspace"]


def test_the_activity_log_says_which_workspace_was_deleted(environment: Environment, certificate: Path) -> None:
    events = [
        event("Microsoft.MachineLearningServices/workspaces/write", "Succeeded", "2026-12-12T10:00:00Z"),
        event(DELETE, "Succeeded", "2026-12-08T10:00:00Z"),
        event(DELETE.upper(), "Succeeded", "2026-12-10T18:30:00.1234567Z"),
        event(DELETE, "Failed", "2026-12-15T10:00:00Z"),
    ]
    with service(certificate.parent, documents(**{LOG: {"value": events}})) as running:
        found = azure(environment, running.url).find(workspace_names(environment))
    (held,) = found.reservations
    assert (held.name, held.certain, held.protected) == (Names(environment).of("ml_workspace"), False, False)
    assert f"{held.until:%Y-%m-%d %H:%M}" == "2026-12-24 18:30"
    (asked,) = running.asked
    (query,) = parse_qs(urlsplit(asked.path).query)["$filter"]
    group = Names(environment).of("resource_group")
    assert query == (
        "eventTimestamp ge '2026-12-06T00:00:00Z' and eventTimestamp le '2026-12-20T00:00:00Z' and resourceUri eq "
        f"'/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces"
        f"/{held.name}'"
    )


def test_a_moment_after_its_deletion_a_workspace_needs_no_log(environment: Environment, certificate: Path) -> None:
    with service(certificate.parent, documents()) as running:
        register = azure(environment, running.url)
        found = register.find(workspace_names(environment), just_deleted=True)
    (held,) = found.reservations
    assert held.until == TODAY + datetime.timedelta(days=14)
    assert running.asked == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            Answer(body='{"error": {"code": "AuthorizationFailed", "message": "no\\nmore"}}', status=403),
            "AuthorizationFailed: no",
        ),
        (Answer(body="<html>", status=404, kind="text/html"), "HTTP 404: Not Found"),
        (Answer(body="[]"), "UnexpectedAnswer: the answer is not a JSON object"),
        (Answer(body='{"value": [{"name": "NAME", "properties": {}}]}'), "UnexpectedAnswer: None is no time"),
    ],
)
def test_an_answer_that_is_none_is_told_and_the_other_services_are_asked(
    environment: Environment, certificate: Path, answer: Answer, reason: str
) -> None:
    vault = reservation(environment, "key vault")

    def answered(asked: Asked) -> Answer:
        if "KeyVault" in asked.path:
            return dataclasses.replace(answer, body=answer.body.replace("NAME", vault.name))
        return documents(**{STORES: {"value": [listed(Names(environment).of("app_configuration"))]}})(asked)

    with service(certificate.parent, answered) as running:
        found = azure(environment, running.url).find(kept_names(environment))
    (error,) = found.unanswered
    assert str(error).startswith(f"nobody could say whether the name of the key vault {vault.name} and ")
    assert reason in str(error)
    assert [one.service for one in found.reservations] == ["App Configuration store"]


def test_a_login_that_gives_no_token_is_told(environment: Environment, certificate: Path) -> None:
    class NoToken(StandIn):
        def get_token(self, *scopes: str, **_: object) -> AccessToken:
            raise ClientAuthenticationError("AADSTS700016: not found\nTrace ID: 1")

    with service(certificate.parent, documents()) as running:
        api = arm_client(NoToken(), running.url)
        found = AzureRegister(environment, api).find(kept_names(environment))
    assert len(found.unanswered) == 3
    assert str(found.unanswered[0]).endswith(": the login gives no token: AADSTS700016: not found")


def test_a_purge_waits_until_the_list_has_it_no_more(environment: Environment, certificate: Path) -> None:
    held = reservation(environment, "key vault")
    place = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/{held.name}"
    left = [Answer(body=json.dumps(listed(held.name)))] * 2

    def answer(asked: Asked) -> Answer:
        if asked.method == "POST":
            return Answer(body="", status=202)
        return left.pop() if left else Answer(body='{"error": {"code": "NotFound", "message": "no"}}', status=404)

    naps: list[float] = []
    with service(certificate.parent, answer) as running:
        azure(environment, running.url, naps).purge(held)
    asked = [(one.method, urlsplit(one.path).path) for one in running.asked]
    assert asked == [("POST", f"{place}/purge"), *[("GET", place)] * 3]
    assert naps == [5.0, 5.0]


def test_a_purge_that_is_refused_or_never_ends_fails(environment: Environment, certificate: Path) -> None:
    held = reservation(environment, "App Configuration store")
    refusal = Answer(body='{"error": {"code": "MethodNotAllowed", "message": "no"}}', status=405)
    with (
        service(certificate.parent, lambda _: refusal) as running,
        pytest.raises(PurgeError, match="MethodNotAllowed: no"),
    ):
        azure(environment, running.url).purge(held)
    with service(certificate.parent, documents()) as running, pytest.raises(PurgeError, match="after 600 seconds"):
        azure(environment, running.url).purge(held)


def test_a_workspace_is_not_purged(environment: Environment, certificate: Path) -> None:
    with service(certificate.parent, documents()) as running, pytest.raises(PurgeError, match="documents no way"):
        azure(environment, running.url).purge(reservation(environment, "ML workspace"))
    assert running.asked == []


def secrets_path(environment: Environment) -> str:
    group = Names(environment).of("resource_group")
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/kv-one/secrets"


def test_the_secrets_of_a_vault_are_listed_by_its_resource_provider(
    environment: Environment, certificate: Path
) -> None:
    path = secrets_path(environment)
    with service(certificate.parent, documents(**{path: {"value": [{"name": "one"}, {"name": "two"}]}})) as running:
        assert azure(environment, running.url).secrets("kv-one") == {"one", "two"}
    (asked,) = running.asked
    assert (asked.method, asked.path) == ("GET", f"{path}?api-version=2024-11-01")


def test_a_vault_that_is_not_there_holds_no_secret(environment: Environment, certificate: Path) -> None:
    gone = Answer(body='{"error": {"code": "ResourceNotFound", "message": "no"}}', status=404)
    with service(certificate.parent, lambda _: gone) as running:
        assert azure(environment, running.url).secrets("kv-one") == frozenset()


def test_a_login_that_may_not_list_secrets_is_told(environment: Environment, certificate: Path) -> None:
    refusal = Answer(body='{"error": {"code": "AuthorizationFailed", "message": "no"}}', status=403)
    with (
        service(certificate.parent, lambda _: refusal) as running,
        pytest.raises(RegisterError, match="a secret in the key vault kv-one is reserved: AuthorizationFailed: no"),
    ):
        azure(environment, running.url).secrets("kv-one")


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({}, AzureCliCredential),
        ({"ARM_USE_MSI": "true"}, ManagedIdentityCredential),
        ({"ARM_USE_OIDC": "true", "ARM_USE_MSI": "true"}, ClientAssertionCredential),
        ({"ARM_CLIENT_SECRET": "s", "ARM_USE_OIDC": "true"}, ClientSecretCredential),
        ({"ARM_USE_DEFAULT_AZURE_CREDENTIAL": "true", "ARM_CLIENT_SECRET": "s"}, DefaultAzureCredential),
    ],
)
def test_the_login_is_the_one_that_the_provider_uses(variables: dict[str, str], kind: type) -> None:
    ids = {"ARM_TENANT_ID": SUBSCRIPTION, "ARM_CLIENT_ID": SUBSCRIPTION, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION}
    assert type(credential(SUBSCRIPTION, ids | variables)) is kind


def test_the_azure_cli_is_asked_for_the_subscription_of_the_file_and_for_no_tenant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    az = tmp_path / "az"
    az.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n'
        'echo \'{"accessToken": "one", "expires_on": 4102444800, "expiresOn": "2100-01-01 00:00:00.000000"}\'\n',
        encoding="utf-8",
    )
    az.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    variables = {"ARM_TENANT_ID": SUBSCRIPTION, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION}
    token = credential(SUBSCRIPTION, variables).get_token("https://management.azure.com/.default")
    assert token.token == "one"
    asked = (tmp_path / "asked").read_text(encoding="utf-8")
    assert f"--subscription {SUBSCRIPTION}" in asked
    assert "--tenant" not in asked


def test_a_certificate_comes_before_a_secret(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.serial_number(1).not_valid_before(TODAY).not_valid_after(UNTIL)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "both.pem").write_bytes(text)
    variables = {"ARM_CLIENT_CERTIFICATE_PATH": str(tmp_path / "both.pem"), "ARM_CLIENT_SECRET": "s"}
    found = credential(SUBSCRIPTION, variables | {"ARM_TENANT_ID": SUBSCRIPTION, "ARM_CLIENT_ID": "c"})
    assert type(found) is CertificateCredential


def test_the_token_to_exchange_is_in_a_variable_or_in_a_file(tmp_path: Path) -> None:
    assert assertion({"ARM_OIDC_TOKEN": "one"})() == "one"
    (tmp_path / "token").write_text("two\n", encoding="utf-8")
    assert assertion({"ARM_OIDC_TOKEN_FILE_PATH": str(tmp_path / "token")})() == "two"


def test_or_is_asked_of_github(certificate: Path) -> None:
    with service(certificate.parent, lambda _: Answer(body='{"value": "three"}')) as running:
        variables = {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{running.url}/job?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of the job",
        }
        assert assertion(variables)() == "three"
    (asked,) = running.asked
    assert asked.headers["authorization"] == "Bearer of the job"
    assert parse_qs(urlsplit(asked.path).query) == {"api-version": ["2.0"], "audience": ["api://AzureADTokenExchange"]}


def test_a_refusal_of_github_is_a_failed_login(certificate: Path) -> None:
    with service(certificate.parent, lambda _: Answer(body="{}", status=403)) as running:
        variables = {"ACTIONS_ID_TOKEN_REQUEST_URL": running.url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"}
        with pytest.raises(ClientAuthenticationError, match="GitHub gave no token for Azure: HttpResponseError"):
            assertion(variables)()
