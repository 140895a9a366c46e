"""One call of a service that speaks JSON, with the identity's token."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest, HttpResponse

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.errors import explained, not_understood

# Redirects are not followed: the token is for the address that was asked, and for no other.


@dataclasses.dataclass(frozen=True, kw_only=True)
class Purpose:
    """What a call is for. what, role: for its errors; scope: of its token."""

    what: str
    role: str
    scope: str


def call(
    caller: Caller,
    method: str,
    url: str,
    purpose: Purpose,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Return the JSON of the answer. Raises ClientError."""
    policies = [RetryPolicy(retry_total=caller.retries), BearerTokenCredentialPolicy(caller.credential, purpose.scope)]
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(url, policies=policies)
    with explained(what=purpose.what, where=url, role=purpose.role), client:
        response = client.send_request(HttpRequest(method, url, json=body, headers=dict(headers or {})))
        response.raise_for_status()
        text = response.text()
    try:
        return json.loads(text)
    except ValueError:
        raise not_understood(what=purpose.what, where=url) from None
