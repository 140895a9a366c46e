"""Finding objects of Microsoft Entra, whose ids it makes up, with Microsoft Graph.

Paths and filters: "Microsoft Graph REST API v1.0 reference". The ids are in the form of the Azure AD provider's.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest, HttpResponse

from shared.pending_operations.search import Marks, SearchError

_GRAPH: Final = "https://graph.microsoft.com"
_VERSION: Final = "/v1.0"
_RETRIES: Final = 3
_NOT_FOUND: Final = 404
_FIRST_BAD: Final = 300
_PREFIX: Final = "azuread:index/"


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntraSearch:
    """A Search in one tenant. Redirects are not followed: the token is for this address alone."""

    base: str
    client: PipelineClient[HttpRequest, HttpResponse]

    def find(self, token: str, marks: Marks) -> tuple[str, ...]:
        """Return the ids of what is found. Raises SearchError, and KeyError for a type that is not looked for here."""
        kind = token.removeprefix(_PREFIX).partition(":")[0]
        if kind == "appRoleAssignment":
            return tuple(self._assignments(marks))
        if kind == "applicationFederatedIdentityCredential":
            return tuple(self._credentials(marks))
        collection, field, mark = _COLLECTIONS[kind]
        found = self._listed(f"/{collection}", **{"$filter": f"{field} eq {_quoted(marks[mark])}", "$select": "id"})
        return tuple(f"/{collection}/{one['id']}" for one in found)

    def _assignments(self, marks: Marks) -> Iterator[str]:
        path = f"/servicePrincipals/{marks['resourceObjectId']}/appRoleAssignedTo"
        for one in self._listed(path):
            if (one.get("appRoleId"), one.get("principalId")) == (marks["appRoleId"], marks["principalObjectId"]):
                yield f"{path}/{one['id']}"

    def _credentials(self, marks: Marks) -> Iterator[str]:
        application = str(marks["applicationId"])
        for one in self._listed(f"{application}/federatedIdentityCredentials"):
            if str(one.get("name", "")).lower() == str(marks["displayName"]).lower():
                yield f"{application.rpartition('/')[2]}/federatedIdentityCredential/{one['id']}"

    def _listed(self, path: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
        page = self._asked(HttpRequest("GET", f"{self.base}{_VERSION}{path}", params=parameters))
        while True:
            yield from page.get("value") or ()
            following = str(page.get("@odata.nextLink") or "")
            if not following:
                return
            if not following.startswith(f"{self.base}/"):
                raise SearchError(problem="the next page of a list is at another address")
            page = self._asked(HttpRequest("GET", following))

    def _asked(self, request: HttpRequest) -> Mapping[str, Any]:
        try:
            response = self.client.send_request(request)
        except AzureError as error:
            raise SearchError(problem=type(error).__name__) from None
        try:
            document: Any = response.json()
        except ValueError:
            document = None
        if response.status_code == _NOT_FOUND:
            return {}  # its parent is gone, and it with that
        if response.status_code >= _FIRST_BAD or not isinstance(document, dict):
            raise SearchError(problem=_code(document) or f"HTTP {response.status_code}")
        return document


def entra_search(credential: TokenCredential, base: str = _GRAPH) -> EntraSearch:
    """Return Microsoft Graph as the login sees it."""
    policies = [RetryPolicy(retry_total=_RETRIES), BearerTokenCredentialPolicy(credential, f"{_GRAPH}/.default")]
    return EntraSearch(base=base, client=PipelineClient(base, policies=policies))


def _code(document: Any) -> str:
    error = document.get("error") if isinstance(document, dict) else None
    return str(error.get("code") or "") if isinstance(error, dict) else ""


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


_COLLECTIONS: Final = {
    "application": ("applications", "displayName", "displayName"),
    "group": ("groups", "displayName", "displayName"),
    "servicePrincipal": ("servicePrincipals", "appId", "clientId"),
}
"""By type: the collection in Graph, the field that the mark is there, and the mark."""
