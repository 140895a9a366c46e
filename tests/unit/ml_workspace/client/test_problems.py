"""Each way in which the platform cannot be used is one clear sentence, in which no token and no answer is repeated."""

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError

from stacks.ml_workspace.client.blobs import blob_names
from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.configuration import read_configuration
from stacks.ml_workspace.client.errors import (
    ClientError,
    ForbiddenError,
    NoIdentityError,
    NotFoundError,
    RefusedError,
    UnreachableError,
)
from stacks.ml_workspace.client.scoring import score
from stacks.ml_workspace.client.workspace import computes
from tests.unit.ml_workspace.client.answers import WORKSPACE, problem
from tests.unit.ml_workspace.client.conftest import Serve
from tests.unit.ml_workspace.client.local_service import TOKEN, Answer, StandIn

Read = Callable[[Caller, str], Any]
READS: dict[str, tuple[Read, str]] = {
    "configuration": (
        lambda caller, url: read_configuration(caller, url, label="prod"),
        "App Configuration Data Reader",
    ),
    "blobs": (lambda caller, url: blob_names(caller, url, "training-data", limit=1), "Storage Blob Data Reader"),
    "the model's answer": (lambda caller, url: score(caller, f"{url}/score", {}), "of the group scoring_clients"),
    "computes": (lambda caller, url: computes(caller, WORKSPACE, management=url), "Reader"),
}
STATUS: dict[int, tuple[type[ClientError], str]] = {
    401: (NoIdentityError, "the identity's token is not taken; run this as a managed or workload identity"),
    403: (ForbiddenError, "this identity may not, or not from this network; give it the role"),
    404: (NotFoundError, "there is no such thing; write the outputs of the environment again"),
    424: (RefusedError, "the service answers with status 424; look into its logs"),
}


def _sentence(error: ClientError, what: str, where: str) -> str:
    text = str(error)
    assert text.startswith(f"cannot read {what} at {where}")
    assert "\n" not in text
    assert TOKEN not in text
    assert "own words" not in text
    return text


@pytest.mark.parametrize("status", STATUS)
@pytest.mark.parametrize("what", READS)
def test_a_refusal_is_explained(serve: Serve, caller: Caller, what: str, status: int) -> None:
    read, role = READS[what]
    kind, words = STATUS[status]
    with serve(lambda _: problem(status, "Refused")) as service, pytest.raises(kind) as caught:
        read(caller, service.url)
    text = _sentence(caught.value, what, service.url)
    assert words in text
    assert role in text or status != 403
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("what", READS)
def test_a_service_that_does_not_answer_is_named(serve: Serve, caller: Caller, what: str) -> None:
    with serve(lambda _: Answer(body="{}")) as service:
        gone = service.url
    with pytest.raises(UnreachableError) as caught:
        READS[what][0](caller, gone)
    assert "there is no connection; run this where" in _sentence(caught.value, what, gone)


@pytest.mark.parametrize("what", READS)
def test_a_server_whose_certificate_nobody_signed_gets_no_token(
    serve: Serve, caller: Caller, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with serve(lambda _: Answer(body="{}")) as service, pytest.raises(UnreachableError):
        READS[what][0](caller, service.url)
    assert service.asked == []


class _NoIdentity(StandIn):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def get_token(self, *scopes: str, **_: object) -> Any:
        self.scopes.extend(scopes)
        raise self._error


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize(
    "error",
    [
        CredentialUnavailableError(message=f"no managed identity endpoint found, {TOKEN}"),
        ClientAuthenticationError(message=f"AADSTS700016, {TOKEN}"),
    ],
)
def test_without_an_identity_it_says_how_to_get_one(serve: Serve, what: str, error: Exception) -> None:
    nobody = _NoIdentity(error)
    with serve(lambda _: Answer(body="{}")) as service, pytest.raises(NoIdentityError) as caught:
        READS[what][0](Caller(credential=nobody), service.url)
    assert len(nobody.scopes) == 1, "trying again gives nobody a login"
    assert "there is no identity to ask as" in _sentence(caught.value, what, service.url)
    assert service.asked == []


@pytest.mark.parametrize("body", ["<html>sign in</html>", "[]", '{"value": {}}', '{"items": []}'])
def test_an_answer_of_something_else_is_refused(serve: Serve, caller: Caller, body: str) -> None:
    with serve(lambda _: Answer(body=body)) as arm, pytest.raises(RefusedError, match="not what the service documents"):
        computes(caller, WORKSPACE, management=arm.url)


def test_the_token_of_management_goes_to_no_other_address(serve: Serve, caller: Caller) -> None:
    with serve(lambda _: Answer(body='{"value": []}')) as other:
        page = f'{{"value": [], "nextLink": "{other.url}/more"}}'
        with serve(lambda _: Answer(body=page)) as arm, pytest.raises(RefusedError):
            computes(caller, WORKSPACE, management=arm.url)
    assert other.asked == []


def test_a_redirect_is_not_followed(serve: Serve, caller: Caller) -> None:
    with serve(lambda _: Answer(body="[1]")) as other:
        moved = Answer(body="", status=307, headers={"location": f"{other.url}/score"})
        with serve(lambda _: moved) as endpoint, pytest.raises(RefusedError, match="not what the service documents"):
            score(caller, f"{endpoint.url}/score", {})
    assert other.asked == []


def test_a_call_is_tried_again(serve: Serve, stand_in: StandIn) -> None:
    answers = iter([Answer(body="busy", status=503, headers={"retry-after": "0"}), Answer(body='{"value": []}')])
    with serve(lambda _: next(answers)) as arm:
        assert computes(Caller(credential=stand_in, retries=1), WORKSPACE, management=arm.url) == []
