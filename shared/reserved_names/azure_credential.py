"""The login of the machine as Azure's libraries want it: the one that the azure-native provider would use.

Names, order and the exact text "true" are those of the provider, provider/pkg/provider/auth_azidentity.go, as in
shared.login.azure_variables, which says what is missing before anything here is reached.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.policies import RetryPolicy
from azure.core.rest import HttpRequest
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

_AUDIENCE = "api://AzureADTokenExchange"


def credential(subscription: str, variables: Mapping[str, str] | None = None) -> TokenCredential:
    """Return the login that `variables` describe, or the one that the Azure CLI has for `subscription`.

    variables: the process environment, None for the real one. Nobody is asked for a token yet.
    """
    said = dict(os.environ) if variables is None else variables
    tenant, client = said.get("ARM_TENANT_ID", ""), said.get("ARM_CLIENT_ID", "")
    if said.get("ARM_USE_DEFAULT_AZURE_CREDENTIAL") == "true":
        return DefaultAzureCredential()
    if path := said.get("ARM_CLIENT_CERTIFICATE_PATH"):
        return CertificateCredential(tenant, client, path, password=said.get("ARM_CLIENT_CERTIFICATE_PASSWORD"))
    if secret := said.get("ARM_CLIENT_SECRET"):
        return ClientSecretCredential(tenant, client, secret)
    if said.get("ARM_USE_OIDC") == "true":
        return ClientAssertionCredential(tenant, client, assertion(said))
    if said.get("ARM_USE_MSI") == "true":
        return ManagedIdentityCredential(client_id=client or None)
    # Not the tenant too: az refuses both at once, and the subscription tells it.
    return AzureCliCredential(subscription=subscription)


def assertion(variables: Mapping[str, str]) -> Callable[[], str]:
    """Return what gives the OpenID Connect token that is exchanged for one of Azure's.

    It is in a variable, in a file, or is asked of GitHub, whose job says where.
    """
    if token := variables.get("ARM_OIDC_TOKEN"):
        return lambda: token
    if path := variables.get("ARM_OIDC_TOKEN_FILE_PATH"):
        return lambda: Path(path).read_text(encoding="utf-8").strip()
    return lambda: _of_github(variables["ACTIONS_ID_TOKEN_REQUEST_URL"], variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])


def _of_github(url: str, token: str) -> str:
    """Return a token for Azure ("Configuring OpenID Connect in Azure" of GitHub). Raises ClientAuthenticationError."""
    request = HttpRequest("GET", url, params={"audience": _AUDIENCE}, headers={"Authorization": f"Bearer {token}"})
    try:
        with PipelineClient(url, policies=[RetryPolicy(retry_total=2)]) as client:
            response = client.send_request(request)
            response.raise_for_status()
            return str(response.json()["value"])
    except (AzureError, ValueError, KeyError, TypeError) as error:
        # Not the error's own text: it may quote the address, which is the job's.
        raise ClientAuthenticationError(f"GitHub gave no token for Azure: {type(error).__name__}") from None
