"""The simulated Entra (Microsoft Graph)."""

from importlib.metadata import version

from shared.sandbox.catalog.azuread import applications, functions, groups, service_principals
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Catalog, CloudIds, by_token
from shared.sandbox.wire import Properties


def _configure(configuration: Properties, cloud: CloudIds) -> None:
    if configuration.get("tenantId") != cloud.tenant_id:
        given = configuration.get("tenantId")
        raise CloudError("InvalidAuthenticationToken", f"the login belongs to tenant {cloud.tenant_id}, not {given}")


AZUREAD = Catalog(
    provider="azuread",
    version=version("pulumi-azuread"),
    keeps_computed=True,
    nested_ids=True,
    configure=_configure,
    resources=by_token(*applications.MODELS, *service_principals.MODELS, *groups.MODELS),
    functions=functions.FUNCTIONS,
)
