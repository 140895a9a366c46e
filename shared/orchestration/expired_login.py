"""Refusals that say that a login is not valid any more: nothing helps but to log in again."""

import re
from typing import Final

from shared.orchestration.transient_errors import codes_in

EXPIRED: Final[dict[str, str]] = {
    "expiredtoken": "Common errors (AWS API References); pulumi-aws issue 3866",
    "expiredtokenexception": "Common errors (AWS API References)",
    "requestexpired": "Error codes for the Amazon EC2 API (Amazon EC2 Developer Guide)",
    "expiredauthenticationtoken": "Azure/azure-sdk-for-java issue 33112",
    "invalidauthenticationtoken": "Resource Manager REST API errors (Microsoft Learn)",
    "invalidauthenticationtokentenant": "Resource Manager REST API errors (Microsoft Learn)",
    "authenticationfailed": "Common REST API error codes (Microsoft Learn, Azure Storage)",
}
"""Codes, in lower case, with where they are documented or were reported. InvalidAuthenticationToken is Graph's too."""

_ENTRA: Final = re.compile(r"\bAADSTS(?:700024|700082|50173|50078|70043)\b")
"""Of the "Microsoft Entra authentication and authorization error codes" (Microsoft Learn): an assertion, a refresh
token or a sign-in that is not fresh any more (700024: Azure/login issue 372)."""

SENTENCE: Final = "the login is not valid any more; log in again, then go on with invoke resume"


def login_expired(message: str) -> bool:
    """Return whether a provider's or the engine's message says that the login has to be made anew."""
    return bool(codes_in(message) & EXPIRED.keys()) or _ENTRA.search(message) is not None
