"""Run a stack's program against Pulumi's mocks, and look at what it registered.

`run_program` waits for everything, so assertions are plain statements about what arrived: none can sit in an `apply`
that never runs. Inputs have the names that providers see (camelCase), and plain values.
"""

import asyncio
import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import pulumi
from pulumi import Output
from pulumi.runtime import mocks, rpc
from pulumi.runtime.config import set_all_config

from shared.contracts import StackOutputs
from shared.environment import Environment, load

Contract = TypeVar("Contract", bound=StackOutputs)
REPOSITORY = Path(__file__).parents[2]
SUBSCRIPTION = "5a4d0b0c-0000-4000-8000-00000000a002"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource, as it reached the engine.

    inputs: in clear; secrets: the inputs that are marked as secret, or hold such a value.
    after: logical names of the resources that it waits for.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    secrets: frozenset[str]
    parent: str
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    after: frozenset[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """What a program registered, and the contract that it returned with every leaf as a plain value."""

    resources: tuple[Registered, ...]
    outputs: Mapping[str, Any]

    def all(self, type_: str) -> dict[str, Registered]:
        """Return the resources of one type by logical name. type_: the end of the token, e.g. "keyvault:Vault"."""
        return {one.name: one for one in self.resources if one.type.split(":", 1)[1] == type_}

    def one(self, type_: str, name: str | None = None) -> Registered:
        """Return the one resource of a type, or the one with that logical name."""
        found = self.all(type_)
        if name is not None:
            return found[name]
        (only,) = found.values()
        return only

    def granted(self) -> set[tuple[str, str, str]]:
        """Return (scope's logical name, principal, role's name) of every role assignment, from the logical names."""
        assignments = self.all("authorization:RoleAssignment").values()
        return {
            (scope.name, one.inputs["principalId"], one.name.removeprefix(scope.name + "-"))
            for one in assignments
            for scope in self.resources
            if scope.type == "mlplatform:access:RoleAssignments" and one.parent.endswith("::" + scope.name)
        }


def sandbox(**changes: object) -> Environment:
    """Return the sandbox's environment. changes: dotted keys written with __, e.g. storage__access="..."."""
    data = load("sandbox", REPOSITORY).model_dump()
    for key, value in changes.items():
        *sections, last = key.split("__")
        target = data
        for section in sections:
            target = target[section]
        target[last] = value
    return Environment.model_validate({**data, "name": "sandbox"})


def service_endpoint_environment() -> Environment:
    """Return an environment shaped like development: public endpoints for one subnet, no customer-managed key."""
    return sandbox(
        storage__access="service_endpoint",
        storage__sku="Standard_LRS",
        key_vault__customer_managed_key=False,
        key_vault__hardware_keys=False,
        ml_workspace__container_registry_sku="Basic",
        ml_workspace__configuration_sku="free",
        ml_workspace__isolation_mode="Disabled",
        sagemaker__network=None,
    )


def run_program(
    program: Callable[..., StackOutputs],
    environment: Environment,
    *contracts: type[StackOutputs],
    given: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
    preview: bool = False,
) -> Run:
    """Run `program` with samples of `contracts` and return what came of it.

    given: values of single contract fields, "key_vault.cmk_key_uri": None. secrets: secret configuration values.
    """
    stack = _returned(program).stack
    asyncio.set_event_loop(asyncio.new_event_loop())
    monitor = _RecordingMonitor(_Cloud())
    mocks.set_mocks(monitor.mocks, project=stack, stack=environment.name, preview=preview, monitor=monitor)
    configuration = {f"{stack}:{name}": value for name, value in (secrets or {}).items()}
    set_all_config(configuration, list(configuration))
    found: dict[str, Any] = {}

    @pulumi.runtime.test
    def whole_program() -> Output[Any]:
        samples = [sample(contract, given or {}) for contract in contracts]
        published = _leaves(program(environment, *samples))
        return Output.all(**published).apply(found.update)

    whole_program()
    return Run(resources=tuple(monitor.registered), outputs=_unflattened(found))


def sample(contract: type[Contract], given: Mapping[str, object]) -> Contract:
    """Return a contract whose leaves are made-up texts: "<field>" or "<field>/<key>", ARM ids where they end so."""
    fields: dict[str, Any] = {}
    for spec in contract.specs():
        name = f"{contract.stack}.{spec.name}"
        if spec.mapping:
            fields[spec.name] = _AnyKey(spec.name)
        else:
            fields[spec.name] = Output.from_input(given[name] if name in given else _made_up(spec.name))
    return contract(**fields)


class _AnyKey(Mapping[str, Output[Any]]):
    """A mapping field of another stack, whose keys are not known while the program runs."""

    def __init__(self, field: str) -> None:
        self._field = field

    def __getitem__(self, key: str) -> Output[Any]:
        return Output.from_input(_made_up(self._field, key))

    def __iter__(self) -> Iterator[str]:
        raise AssertionError(f"{self._field} is read without naming the key")

    def __len__(self) -> int:
        raise AssertionError(f"{self._field} is read without naming the key")


def _made_up(field: str, key: str = "") -> str:
    text = f"{field}/{key}" if key else field
    if field.endswith(("_id", "_ids")) and not field.startswith(("tenant", "app_", "identity_client")):
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Mock/{text}"
    return text


def _returned(program: Callable[..., StackOutputs]) -> type[StackOutputs]:
    return cast("type[StackOutputs]", program.__annotations__["return"])


def _leaves(outputs: StackOutputs) -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for spec in outputs.specs():
        value = getattr(outputs, spec.name)
        named = {f"{spec.name}/{key}": leaf for key, leaf in value.items()} if spec.mapping else {spec.name: value}
        leaves.update(named)
    return leaves


def _unflattened(leaves: Mapping[str, Any]) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    for path, value in leaves.items():
        field, _, key = path.partition("/")
        if key:
            outputs.setdefault(field, {})[key] = value
        else:
            outputs[field] = value
    return outputs


class _RecordingMonitor(mocks.MockMonitor):
    """A monitor that keeps the options of resources too, which mocks do not see."""

    def __init__(self, cloud: "_Cloud") -> None:
        super().__init__(cloud)
        self.registered: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's protocol names it
        response = super().RegisterResource(request)
        inputs = rpc.deserialize_properties(request.object)
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    inputs=_plain(inputs),
                    secrets=frozenset(key for key, value in inputs.items() if _holds_secret(value)),
                    parent=request.parent,
                    protect=request.protect,
                    retain_on_delete=request.retainOnDelete,
                    delete_before_replace=request.deleteBeforeReplace,
                    ignore_changes=tuple(request.ignoreChanges),
                    replace_on_changes=tuple(request.replaceOnChanges),
                    after=frozenset(urn.rpartition("::")[2] for urn in request.dependencies),
                )
            )
        return response


def _plain(value: Any) -> Any:
    """Return a value with every secret in it in clear."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return rpc.is_rpc_secret(value) or any(_holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secret(item) for item in value)


class _Cloud(pulumi.runtime.Mocks):
    """Gives back what providers compute, in their shapes."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = dict(args.inputs)
        package, _, kind = args.typ.rpartition(":")
        name = str(_physical_name(kind, inputs, args.name))
        if args.typ.startswith("azure-native:"):
            resource_id = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{package}:{kind}/{name}"
            outputs = {**inputs, "name": name, **_identity_map(inputs), **_AZURE_OUTPUTS.get(kind, _nothing)(name)}
            return resource_id, outputs
        outputs = {**inputs, **_other_outputs(args.typ, name)}
        return str(outputs.get("id", f"{args.name}-id")), outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"no program calls {args.token} in this test")


def _nothing(_: str) -> dict[str, Any]:
    return {}


_NAME_INPUTS = {
    "StorageAccount": "accountName",
    "ConfigurationStore": "configStoreName",
    "BlobContainer": "containerName",
    "BlobServiceProperties": "blobServicesName",
    "OnlineEndpoint": "endpointName",
    "UserAssignedIdentity": "resourceName",
    "Component": "resourceName",
}


def _physical_name(kind: str, inputs: Mapping[str, Any], logical: str) -> Any:
    usual = kind[0].lower() + kind[1:] + "Name"
    return inputs.get(_NAME_INPUTS.get(kind, usual), inputs.get("name", logical))


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


def _other_outputs(token: str, name: str) -> dict[str, Any]:
    match token:
        case "azuread:index/application:Application":
            return {"id": f"/applications/{name}/object", "objectId": f"{name}/object", "clientId": f"{name}/client"}
        case "azuread:index/servicePrincipal:ServicePrincipal":
            return {"objectId": f"{name}/principal"}
        case "azuread:index/group:Group":
            return {"objectId": f"{name}/object"}
        case _ if token.startswith("aws:"):
            return {"arn": f"arn:aws:mock:::{name}", "id": name, "name": name}
        case _:
            return {}


def policy(text: object) -> dict[str, Any]:
    """Return an IAM policy document that a resource got as text."""
    assert isinstance(text, str)
    return json.loads(text)
