"""The simulated Azure Resource Manager."""

from importlib.metadata import version

from shared.sandbox.catalog.azure_native import (
    appconfiguration,
    applicationinsights,
    authorization,
    containerregistry,
    endpoint_policies,
    flow_logs,
    keyvault,
    machinelearningservices,
    managedidentity,
    ml_assets,
    ml_deployments,
    monitor,
    network,
    operationalinsights,
    policy_assignments,
    private_endpoints,
    privatedns,
    resources,
    security,
    storage,
)
from shared.sandbox.catalog.azure_native.soft_delete import SOFT_DELETE
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
    resources=by_token(
        *resources.MODELS,
        *managedidentity.MODELS,
        *authorization.MODELS,
        *policy_assignments.MODELS,
        *operationalinsights.MODELS,
        *monitor.MODELS,
        *keyvault.MODELS,
        *network.MODELS,
        *endpoint_policies.MODELS,
        *flow_logs.MODELS,
        *private_endpoints.MODELS,
        *privatedns.MODELS,
        *storage.MODELS,
        *security.MODELS,
        *applicationinsights.MODELS,
        *containerregistry.MODELS,
        *machinelearningservices.MODELS,
        *ml_assets.MODELS,
        *ml_deployments.MODELS,
        *appconfiguration.MODELS,
    ),
    functions={function.token: function for function in authorization.FUNCTIONS},
    soft_delete=SOFT_DELETE,
)
