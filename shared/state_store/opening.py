"""Open the store of a state backend, with the login that the engine uses for it."""

import datetime
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from shared.state_store.errors import StateStoreError
from shared.state_store.places import FOLDER, AzurePlace, FilePlace, S3Place, place_of
from shared.state_store.store import StateStore, problem_of

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from obstore.store import AzureStore, ClientConfig, LocalStore, RetryConfig, S3Store

_SCOPE: Final = "https://storage.azure.com/.default"


def open_store(
    backend: str, *, subscription: str = "", variables: Mapping[str, str] | None = None, folder: str = FOLDER
) -> StateStore:
    """Return the store beside the state in `backend`, a URL as Pulumi has it. Nothing is asked of a cloud yet.

    subscription: whose login the Azure CLI is asked for; variables: the process environment, None for the real one;
    folder: of the objects in the backend.
    Raises StateStoreError.
    """
    said = dict(os.environ) if variables is None else variables
    place = place_of(backend, said, folder)
    if isinstance(place, FilePlace):
        # Who may read the engine's files is not for us to say.
        return StateStore(backend, _files(backend, place), place.folder, closed=folder == FOLDER)
    if isinstance(place, S3Place):
        return StateStore(backend, _s3(backend, place))
    return StateStore(backend, _azure(place, subscription, said))


def _files(backend: str, place: FilePlace) -> "LocalStore":
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore

    try:
        place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(place.folder)
    except (OSError, BaseError) as error:
        raise StateStoreError(backend=backend, problem=problem_of(error)) from None


def _s3(backend: str, place: S3Place) -> "S3Store":
    import boto3
    from botocore.exceptions import BotoCoreError
    from obstore.auth.boto3 import Boto3CredentialProvider
    from obstore.store import S3Store

    try:
        session = boto3.Session(profile_name=place.profile, region_name=place.region)
        login = Boto3CredentialProvider(session)
    except (BotoCoreError, ValueError) as error:
        # Only the kind of the error: its text may quote what a credential helper said.
        problem = f"there is no login for AWS ({type(error).__name__}); run aws sso login, or set AWS_PROFILE"
        raise StateStoreError(backend=backend, problem=problem) from None
    if session.region_name is None:
        raise StateStoreError(backend=backend, problem="it names no region; add region=REGION to state.backend")
    optional = {
        "endpoint": place.endpoint,
        "server_side_encryption": place.encryption,
        "sse_kms_key_id": place.encryption_key,
    }
    config: Any = {"region": session.region_name, **{name: value for name, value in optional.items() if value}}
    return S3Store(
        place.bucket,
        prefix=place.prefix,
        config=config,
        client_options=_client(place.endpoint),
        retry_config=_retries(),
        credential_provider=login,
    )


def _azure(place: AzurePlace, subscription: str, variables: Mapping[str, str]) -> "AzureStore":
    from obstore.store import AzureStore

    options: Any = {"client_options": _client(place.endpoint), "retry_config": _retries(), "prefix": place.prefix}
    if place.endpoint:
        options["endpoint"] = place.endpoint
    # As the engine's library chooses (gocloud.dev, blob/azureblob): a key where the variables name its account too, a
    # signature, a login.
    if (key := variables.get("AZURE_STORAGE_KEY")) and variables.get("AZURE_STORAGE_ACCOUNT"):
        options["account_key"] = key
    elif signature := variables.get("AZURE_STORAGE_SAS_TOKEN"):
        options["sas_key"] = signature
    else:
        from shared.reserved_names.azure_credential import credential

        options["credential_provider"] = _AzureLogin(credential(subscription, variables))
    return AzureStore(place.container, account_name=place.account, **options)


class _AzureLogin:
    """A login of Azure in the form that obstore asks for."""

    def __init__(self, credential: "TokenCredential") -> None:
        self._credential = credential

    def __call__(self) -> Any:
        """Return a token. Raises ClientAuthenticationError."""
        token = self._credential.get_token(_SCOPE)
        return {"token": token.token, "expires_at": datetime.datetime.fromtimestamp(token.expires_on, datetime.UTC)}


def _client(endpoint: str | None) -> "ClientConfig":
    plain = endpoint is not None and endpoint.startswith("http://")
    return {
        "allow_http": plain,
        "connect_timeout": datetime.timedelta(seconds=10),
        "timeout": datetime.timedelta(seconds=30),
    }


def _retries() -> "RetryConfig":
    """Return how long to try: the library's own three minutes would look like a hang."""
    return {"max_retries": 4, "retry_timeout": datetime.timedelta(seconds=30)}
