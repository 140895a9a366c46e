"""What Azure, Entra and AWS compute, in their shapes, as Pulumi's mocks give it back."""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from tests.unit.sample_environments import ACCOUNT, SUBSCRIPTION


class Clouds(Mocks):
    """Takes every resource, and gives back its inputs with what the provider computes.

    Programs call one function: it looks a service principal of Microsoft's up.
    """

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Return the id and the outputs of one resource."""
        package = args.typ.partition(":")[0]
        resource_id, computed = _PROVIDERS.get(package, _component)(args)
        return resource_id, {**args.inputs, **computed}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Return the service principal that is looked up. Raises AssertionError for any other function."""
        if args.token == "azuread:index/getServicePrincipal:getServicePrincipal":
            return {"objectId": f"{args.args['clientId']}/principal"}, []
        raise AssertionError(f"no program calls {args.token} in this test")


Computed = tuple[str, dict[str, Any]]


def _component(args: MockResourceArgs) -> Computed:
    return f"{args.name}-id", {}


def _azure(args: MockResourceArgs) -> Computed:
    package, _, kind = args.typ.rpartition(":")
    name = str(_azure_name(kind, args.inputs, args.name))
    resource_id = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{package}:{kind}/{name}"
    computed = _AZURE_OUTPUTS[kind](name) if kind in _AZURE_OUTPUTS else {}
    return resource_id, {"name": name, **_identity_map(args.inputs), **computed}


_AZURE_NAME_INPUTS = {
    "StorageAccount": "accountName",
    "ConfigurationStore": "configStoreName",
    "BlobContainer": "containerName",
    "BlobServiceProperties": "blobServicesName",
    "OnlineEndpoint": "endpointName",
    "UserAssignedIdentity": "resourceName",
    "Component": "resourceName",
}


def _azure_name(kind: str, inputs: Mapping[str, Any], logical: str) -> Any:
    usual = kind[0].lower() + kind[1:] + "Name"
    return inputs.get(_AZURE_NAME_INPUTS.get(kind, usual), inputs.get("name", logical))


def _identity_map(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Identities go in as a list and come back as a map."""
    identity = inputs.get("identity")
    if not isinstance(identity, dict) or not isinstance(identity.get("userAssignedIdentities"), list):
        return {}
    assigned = {one: {"clientId": "client", "principalId": "principal"} for one in identity["userAssignedIdentities"]}
    return {"identity": {**identity, "userAssignedIdentities": assigned}}


_AZURE_OUTPUTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "UserAssignedIdentity": lambda name: {"clientId": f"{name}/client", "principalId": f"{name}/principal"},
    "Vault": lambda name: {
        "properties": {"vaultUri": f"https://{name}.vault.azure.net/", "sku": {}, "tenantId": "tenant"}
    },
    "Key": lambda name: {"keyUri": f"https://vault/keys/{name}", "keyUriWithVersion": f"https://vault/keys/{name}/1"},
    "StorageAccount": lambda name: {"primaryEndpoints": {"blob": f"https://{name}.blob.core.windows.net/"}},
    "Registry": lambda name: {"loginServer": f"{name}.azurecr.io"},
    "ConfigurationStore": lambda name: {"endpoint": f"https://{name}.azconfig.io"},
    "OnlineEndpoint": lambda name: {
        "properties": {"scoringUri": f"https://{name}.inference.ml.azure.com/score", "authMode": "AADToken"}
    },
}


def _entra(args: MockResourceArgs) -> Computed:
    name = args.name
    match args.typ:
        case "azuread:index/application:Application":
            resource_id = f"/applications/{name}/object"
            return resource_id, {"id": resource_id, "objectId": f"{name}/object", "clientId": f"{name}/client"}
        case "azuread:index/servicePrincipal:ServicePrincipal":
            return f"{name}-id", {"objectId": f"{name}/principal"}
        case "azuread:index/group:Group":
            return f"{name}-id", {"objectId": f"{name}/object"}
        case _:
            return f"{name}-id", {}


def _aws(args: MockResourceArgs) -> Computed:
    kind = args.typ.rpartition(":")[2]
    resource_id = f"{kind.lower()}-{args.name}"
    regional = f"eu-west-1:{ACCOUNT}"
    match kind:
        case "Role":
            computed = {"arn": f"arn:aws:iam::{ACCOUNT}:role/{args.inputs.get('name')}"}
        case "Bucket":
            computed = {"arn": f"arn:aws:s3:::{args.inputs.get('bucket')}"}
        case "Key":
            computed = {"arn": f"arn:aws:kms:{regional}:key/{resource_id}", "keyId": resource_id}
        case "VpcEndpoint":
            computed = {"prefixListId": f"pl-{args.name}"}
        case "Pipeline":
            computed = {"arn": f"arn:aws:sagemaker:{regional}:pipeline/{args.inputs.get('pipelineName')}"}
        case _:
            computed = {"arn": f"arn:aws:simulated:{regional}:{resource_id}"}
    return resource_id, computed


_PROVIDERS: dict[str, Callable[[MockResourceArgs], Computed]] = {"azure-native": _azure, "azuread": _entra, "aws": _aws}
