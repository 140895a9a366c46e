"""What Microsoft Graph is asked for, and what its answers mean."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.pending_operations.entra_search import entra_search
from shared.pending_operations.marks import MARKS
from shared.pending_operations.search import SearchError
from tests.unit.ml_workspace.client.local_service import TOKEN, Answer, Asked, StandIn, service, write_certificate

APPLICATION = "azuread:index/application:Application"
CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(autouse=True)
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def document(*items: object, **more: object) -> Callable[[Asked], Answer]:
    return lambda _: Answer(body=json.dumps({"value": items, **more}))


@pytest.mark.parametrize(
    ("token", "mark", "path", "question"),
    [
        (APPLICATION, "displayName", "applications", "displayName eq 'it''s'"),
        ("azuread:index/group:Group", "displayName", "groups", "displayName eq 'it''s'"),
        ("azuread:index/servicePrincipal:ServicePrincipal", "clientId", "servicePrincipals", "appId eq 'it''s'"),
    ],
)
def test_objects_are_asked_for_by_their_name(
    certificate: Path, token: str, mark: str, path: str, question: str
) -> None:
    login = StandIn()
    with service(certificate.parent, document({"id": "1"}, {"id": "2"})) as graph:
        found = entra_search(login, graph.url).find(token, {mark: "it's"})
    assert found == (f"/{path}/1", f"/{path}/2")
    asked = urlsplit(graph.asked[0].path)
    assert asked.path == f"/v1.0/{path}"
    assert parse_qs(asked.query)["$filter"] == [question]
    assert graph.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert login.scopes == ["https://graph.microsoft.com/.default"]


def test_a_credential_of_an_application_has_its_name(certificate: Path) -> None:
    answer = document({"id": "1", "name": "GitHub"}, {"id": "2", "name": "other"})
    marks = {"applicationId": "/applications/a", "displayName": "github"}
    with service(certificate.parent, answer) as graph:
        assert entra_search(StandIn(), graph.url).find(CREDENTIAL, marks) == ("a/federatedIdentityCredential/1",)
    assert graph.asked[0].path == "/v1.0/applications/a/federatedIdentityCredentials"


def test_an_assignment_is_that_of_one_role_to_one_principal(certificate: Path) -> None:
    ours = {"id": "1", "appRoleId": "r", "principalId": "p"}
    answer = document(ours, {**ours, "id": "2", "appRoleId": "x"}, {**ours, "id": "3", "principalId": "x"})
    marks = {"appRoleId": "r", "principalObjectId": "p", "resourceObjectId": "s"}
    with service(certificate.parent, answer) as graph:
        found = entra_search(StandIn(), graph.url).find(ASSIGNMENT, marks)
    assert found == ("/servicePrincipals/s/appRoleAssignedTo/1",)


def test_all_pages_are_read_of_this_address_only(certificate: Path) -> None:
    urls: list[str] = []

    def answer(asked: Asked) -> Answer:
        if "skiptoken" in asked.path:
            return Answer(body=json.dumps({"value": [{"id": "2"}], "@odata.nextLink": "https://elsewhere.example/x"}))
        return Answer(body=json.dumps({"value": [{"id": "1"}], "@odata.nextLink": f"{urls[0]}/v1.0/a?skiptoken=1"}))

    with service(certificate.parent, answer) as graph:
        urls.append(graph.url)
        with pytest.raises(SearchError, match="another address"):
            entra_search(StandIn(), graph.url).find(APPLICATION, {"displayName": "a"})
    assert len(graph.asked) == 2


def test_what_lies_in_something_that_is_gone_is_gone(certificate: Path) -> None:
    missing = Answer(body='{"error": {"code": "Request_ResourceNotFound"}}', status=404)
    with service(certificate.parent, lambda _: missing) as graph:
        marks = {"applicationId": "/applications/a", "displayName": "b"}
        assert entra_search(StandIn(), graph.url).find(CREDENTIAL, marks) == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body='{"error": {"code": "Authorization_RequestDenied", "message": "x"}}', status=403), "Denied"),
        (Answer(body="<html>", status=400), "HTTP 400"),
        (Answer(body="[]"), "HTTP 200"),
    ],
)
def test_an_answer_that_is_none_is_an_error(certificate: Path, answer: Answer, said: str) -> None:
    with (
        service(certificate.parent, lambda _: answer) as graph,
        pytest.raises(SearchError, match=said),
    ):
        entra_search(StandIn(), graph.url).find(APPLICATION, {"displayName": "a"})


def test_every_type_of_entra_with_marks_is_looked_for(certificate: Path) -> None:
    with service(certificate.parent, document()) as graph:
        for token in (token for token in MARKS if token.startswith("azuread:")):
            assert entra_search(StandIn(), graph.url).find(token, dict.fromkeys(MARKS[token], "x")) == ()
