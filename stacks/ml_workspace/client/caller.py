"""Who calls, and how often again where a service does not answer at once."""

import dataclasses

from azure.core.credentials import TokenCredential


@dataclasses.dataclass(frozen=True, kw_only=True)
class Caller:
    """The identity that calls. retries: further attempts of a call, after waits that grow."""

    credential: TokenCredential
    retries: int = 3
