"""What is in the container of the datastore."""

import itertools

from azure.storage.blob import ContainerClient

from stacks.ml_workspace.client.caller import Caller
from stacks.ml_workspace.client.errors import explained

_SCOPE = "https://storage.azure.com/.default"


def blob_names(caller: Caller, account_url: str, container: str, *, limit: int) -> list[str]:
    """Return the names of the first `limit` blobs, in their order. Raises ClientError."""
    where = f"{account_url.rstrip('/')}/{container}"
    with (
        explained(what="blobs", where=where, role="Storage Blob Data Reader"),
        ContainerClient(account_url, container, credential=caller.credential, retry_total=caller.retries) as client,
    ):
        # The library would take a missing login for a fault of the service, and try again for more than a minute.
        caller.credential.get_token(_SCOPE)
        return list(itertools.islice(client.list_blob_names(), limit))
