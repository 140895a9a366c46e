"""Who the application is, told by where it runs. A client secret is never used, even where one lies around."""

from collections.abc import Mapping
from typing import Literal, assert_never

from azure.core.credentials import TokenCredential
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential, WorkloadIdentityCredential

Kind = Literal["workload", "managed", "login"]

# What Kubernetes tells a pod with a workload identity.
_WORKLOAD = ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE")
# What hosts with managed identities tell: App Service and Arc the first, Azure ML's compute and endpoints the second.
_HOSTS = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")
# Which of several user-assigned identities: the platform tells its deployments, and Azure ML its clusters.
_OWN = ("AZURE_CLIENT_ID", "DEFAULT_IDENTITY_CLIENT_ID")


def kind_of(environ: Mapping[str, str]) -> Kind:
    """Return which identity to use, from environment variables."""
    if all(environ.get(name) for name in _WORKLOAD):
        return "workload"
    if any(environ.get(name) for name in (*_HOSTS, *_OWN)):
        return "managed"
    return "login"


def client_id_of(environ: Mapping[str, str]) -> str | None:
    """Return which user-assigned identity is ours; None for the only one, or the system-assigned one."""
    return next((environ[name] for name in _OWN if environ.get(name)), None)


def credential(environ: Mapping[str, str]) -> TokenCredential:
    """Return what gets tokens as that identity; a person's login is that of `az login`, and of other such tools."""
    kind = kind_of(environ)
    match kind:
        case "workload":
            return WorkloadIdentityCredential(
                tenant_id=environ["AZURE_TENANT_ID"],
                client_id=environ["AZURE_CLIENT_ID"],
                token_file_path=environ["AZURE_FEDERATED_TOKEN_FILE"],
            )
        case "managed":
            return ManagedIdentityCredential(client_id=client_id_of(environ))
        case "login":
            # The environment variables of that credential are client secrets, certificates and passwords.
            return DefaultAzureCredential(exclude_environment_credential=True)
        case _:
            assert_never(kind)
