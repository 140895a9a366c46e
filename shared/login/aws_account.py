"""Which AWS account the login belongs to, as AWS itself says."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from shared.login.errors import MissingLogin
from shared.login.identity import Belonging, Login

_SECONDS = 5
_LOG_IN = "run aws sso login, or set AWS_PROFILE"


class Sts(Protocol):
    """The part of the client of AWS's Security Token Service that the guard uses."""

    def get_caller_identity(self) -> Mapping[str, Any]:
        """Return a mapping with `Account`. Raises BotoCoreError or ClientError."""
        ...


def sts_client(region: str) -> Sts:
    """Return a client with the login of the default chain: variables, profile, web identity, instance.

    Raises BotoCoreError where a profile does not exist.
    """
    import boto3
    from botocore.config import Config

    settings = Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 2})
    client: Any = boto3.Session(region_name=region).client("sts", config=settings)
    return client


def login_of_account(region: str, client: Callable[[str], Sts] = sts_client) -> Login:
    """Return the account that the login in `region` belongs to."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        identity = client(region).get_caller_identity()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "an unknown error"))
        return MissingLogin(cloud="AWS", reason=f"AWS refused the credentials with {code}", fix=_LOG_IN)
    except BotoCoreError as error:
        return MissingLogin(cloud="AWS", reason=_reason(error), fix=_LOG_IN)
    fix = "set AWS_PROFILE to a profile of the account in the file"
    return (Belonging(cloud="AWS", what="account", found=str(identity.get("Account", "unknown")), fix=fix),)


def _reason(error: Exception) -> str:
    """Return why there is no answer. Only the kind of the error: its text may quote what a credential helper said."""
    from botocore import exceptions

    reasons: tuple[tuple[type[Exception], str], ...] = (
        (exceptions.NoCredentialsError, "no credentials were found"),
        (exceptions.PartialCredentialsError, "the credentials are incomplete"),
        (exceptions.ProfileNotFound, "the profile does not exist"),
        (exceptions.ConfigParseError, "the configuration file cannot be read"),
        (exceptions.SSOError, "the SSO session has ended"),
        (exceptions.TokenRetrievalError, "the SSO session has ended"),
        (exceptions.ConnectionError, "AWS cannot be reached"),
        (exceptions.HTTPClientError, "AWS cannot be reached"),
    )
    known = next((reason for kind, reason in reasons if isinstance(error, kind)), None)
    return known or f"the credentials cannot be read: {type(error).__name__}"
