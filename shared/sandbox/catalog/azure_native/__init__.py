"""The simulated Azure Resource Manager."""

from importlib.metadata import version

from shared.sandbox.catalog.azure_native import managedidentity, resources
from shared.sandbox.errors import CloudError
from shared.sandbox.model import Catalog, CloudIds, by_token
from shared.sandbox.wire import Properties


def _configure(configuration: Properties, cloud: CloudIds) -> None:
    for key, ours in (("subscriptionId", cloud.subscription_id), ("tenantId", cloud.tenant_id)):
        given = configuration.get(key)
        if not given:
            raise CloudError("InvalidConfiguration", f"azure-native:{key} is not configured")
        if given != ours:
            raise CloudError("InvalidAuthenticationToken", f"the login belongs to {key} {ours}, not {given}")


AZURE_NATIVE = Catalog(
    provider="azure-native",
    version=version("pulumi-azure-native"),
    keeps_computed=False,
    nested_ids=True,
    configure=_configure,
    resources=by_token(*resources.MODELS, *managedidentity.MODELS),
    functions={},
)
