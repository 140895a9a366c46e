"""Microsoft.Network service endpoint policies: which accounts a subnet reaches through its service endpoint.

Microsoft, "Virtual network service endpoint policies for Azure Storage".
"""

import re

from shared.sandbox.catalog.azure_native.arm import arm
from shared.sandbox.catalog.azure_native.computed import etag, extended
from shared.sandbox.catalog.azure_native.in_use import keep_endpoint_policy
from shared.sandbox.catalog.azure_native.references import at
from shared.sandbox.errors import CloudError
from shared.sandbox.model import NameRule, Request
from shared.sandbox.wire import Json, Properties, is_list

_POLICY = "Microsoft.Network/serviceEndpointPolicies"
_MOST_RESOURCES = 200
_STORAGE = re.compile(
    r"/subscriptions/[^/]+(/resourceGroups/[^/]+(/providers/Microsoft\.Storage/storageAccounts/[^/]+)?)?", re.IGNORECASE
)
_ALIASES = (
    "/services/Azure",
    "/services/Azure/Batch",
    "/services/Azure/Databricks",
    "/services/Azure/DataFactory",
    "/services/Azure/MachineLearning",
    "/services/Azure/ManagedInstance",
    "/services/Azure/WebPI",
)


def _definitions(request: Request) -> list[Json]:
    said = request.inputs.get("serviceEndpointPolicyDefinitions")
    return said if is_list(said) else []


def _check(request: Request) -> None:
    names = [at(one, "name") for one in _definitions(request)]
    if len(names) != len(set(names)):
        raise CloudError("InvalidRequestFormat", "Two service endpoint policy definitions have the same name.")
    for one in _definitions(request):
        _check_definition(at(one, "service"), at(one, "serviceResources") or [])


def _check_definition(service: Json, resources: list[Json]) -> None:
    if service not in ("Microsoft.Storage", "Global"):
        raise CloudError("InvalidRequestFormat", f"A service endpoint policy cannot name the service '{service}'.")
    known = [one for one in resources if one in _ALIASES or (service != "Global" and _STORAGE.fullmatch(str(one)))]
    aliases = [one for one in known if one in _ALIASES]
    if len(known) != len(resources) or bool(aliases) != (service == "Global"):
        raise CloudError("InvalidRequestFormat", f"{resources} are not resources of the service '{service}'.")
    if len(resources) > _MOST_RESOURCES:
        raise CloudError("InvalidRequestFormat", f"A definition has at most {_MOST_RESOURCES} resources.")


def _outputs(request: Request) -> Properties:
    kind = f"{_POLICY}/serviceEndpointPolicyDefinitions"
    added = {"etag": etag(request), "provisioningState": "Succeeded", "type": kind}
    return {
        "kind": "",
        "serviceEndpointPolicyDefinitions": [
            extended(one, id=f"{request.id}/serviceEndpointPolicyDefinitions/{at(one, 'name')}", **added)
            for one in _definitions(request)
        ],
        "subnets": [],
    }


MODELS = (
    arm(
        "network:ServiceEndpointPolicy",
        f"{_POLICY}/{{serviceEndpointPolicyName}}",
        api_version="2024-05-01",
        properties="contextualServiceEndpointPolicies id location serviceAlias serviceEndpointPolicyDefinitions tags",
        required="location",
        name=NameRule(property="serviceEndpointPolicyName", pattern=r"(?=.{1,80}$)[a-zA-Z0-9]([\w.-]*\w)?"),
        check=_check,
        check_delete=keep_endpoint_policy,
        standard="etag provisioningState resourceGuid",
        outputs=_outputs,
        write_only="id",
    ),
)
