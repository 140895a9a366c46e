"""Calls of Azure Resource Manager that speak JSON."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest, HttpResponse

_ARM: Final = "https://management.azure.com"
_RETRIES: Final = 3
_NOT_FOUND: Final = 404
_FIRST_BAD: Final = 300


class ApiError(Exception):
    """Azure did not do what it was asked. code: its error code, or the kind of failure; message: its sentence."""

    def __init__(self, *, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}" if message else code)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArmApi:
    """One subscription of Azure Resource Manager. Redirects are not followed: the token is for this address alone."""

    base: str
    client: PipelineClient[HttpRequest, HttpResponse]

    def listed(self, path: str, version: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
        """Yield the items of a list, of all its pages. Raises ApiError."""
        page = self._asked("GET", path, {"api-version": version, **parameters})
        while True:
            yield from page.get("value") or ()
            following = page.get("nextLink")
            if not following:
                return
            if not str(following).startswith(f"{self.base}/"):
                raise ApiError(code="UnexpectedAddress", message="the next page of a list is at another address")
            page = self._asked("GET", str(following).removeprefix(self.base), {})

    def exists(self, path: str, version: str) -> bool:
        """Return whether there is something at `path`. Raises ApiError."""
        response = self._sent("GET", path, {"api-version": version})
        if response.status_code == _NOT_FOUND:
            return False
        _checked(response)
        return True

    def post(self, path: str, version: str) -> None:
        """Call an action that needs no body. It may go on after this. Raises ApiError."""
        _checked(self._sent("POST", path, {"api-version": version}))

    def _asked(self, method: str, path: str, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        response = self._sent(method, path, parameters)
        _checked(response)
        try:
            document: Any = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise ApiError(code="UnexpectedAnswer", message="the answer is not a JSON object")
        return document

    def _sent(self, method: str, path: str, parameters: Mapping[str, str]) -> HttpResponse:
        try:
            return self.client.send_request(HttpRequest(method, f"{self.base}{path}", params=dict(parameters)))
        except ClientAuthenticationError as error:
            raise ApiError(code="the login gives no token", message=_first_line(error.message)) from error
        except AzureError as error:
            raise ApiError(code="Azure did not answer", message=type(error).__name__) from error


def arm_client(credential: TokenCredential, base: str = _ARM) -> ArmApi:
    """Return Azure Resource Manager as the login sees it."""
    policies = [RetryPolicy(retry_total=_RETRIES), BearerTokenCredentialPolicy(credential, f"{_ARM}/.default")]
    return ArmApi(base=base, client=PipelineClient(base, policies=policies))


def _checked(response: HttpResponse) -> None:
    """Raise ApiError, with what Azure says, where the answer is no good one."""
    if response.status_code < _FIRST_BAD:
        return
    try:
        error: Any = response.json()["error"]
        raise ApiError(code=str(error["code"]), message=_first_line(str(error.get("message") or "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ApiError(code=f"HTTP {response.status_code}", message=response.reason) from None


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0]
