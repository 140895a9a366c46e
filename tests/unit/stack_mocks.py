"""Run a stack's program against Pulumi's mocks, and look at what it registered.

`run_program` waits for everything, so assertions are plain statements about what arrived: none can sit in an `apply`
that never runs. Inputs have the names that providers see (camelCase), and plain values.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi
from pulumi import Output
from pulumi.runtime import mocks, rpc
from pulumi.runtime.config import set_all_config

from shared.contracts import StackOutputs
from shared.environment import Environment
from tests.simulated_stack import simulated_stack
from tests.unit.mock_clouds import Clouds
from tests.unit.sample_contracts import sample


@dataclasses.dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource, as it reached the engine.

    inputs: in clear; secrets: the inputs that are marked as secret, or hold such a value.
    depends_on: URNs of the resources that it waits for.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    secrets: frozenset[str]
    parent: str
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    depends_on: frozenset[str]

    @property
    def after(self) -> frozenset[str]:
        """Return the logical names of the resources that it waits for."""
        return frozenset(urn.rpartition("::")[2] for urn in self.depends_on)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """What a program registered, and what it returned, with every leaf as a plain value."""

    resources: tuple[Registered, ...]
    outputs: Mapping[str, Any]

    def all(self, type_: str) -> dict[str, Registered]:
        """Return the resources of one type by logical name.

        type_: the token, or its end after a colon, e.g. "keyvault:Vault" or "Vault". Where that fits two resources of
        the same name, a component and its child, the test fails: it must be longer.
        """
        found = [one for one in self.resources if f":{one.type}".endswith(f":{type_}")]
        by_name = {one.name: one for one in found}
        assert len(by_name) == len(found), f"two resources fit {type_}: {[one.urn for one in found]}"
        return by_name

    def one(self, type_: str, name: str | None = None) -> Registered:
        """Return the one resource of a type, or the one with that logical name."""
        found = self.all(type_)
        if name is not None:
            return found[name]
        (only,) = found.values()
        return only

    def policy(self, type_: str, name: str, key: str = "policy") -> dict[str, dict[str, Any]]:
        """Return the statements of an IAM policy by sid. key: the input that the resource got it in."""
        document = json.loads(self.one(type_, name).inputs[key])
        assert document["Version"] == "2012-10-17"
        return {statement["Sid"]: statement for statement in document["Statement"]}

    def granted(self) -> set[tuple[str, str, str]]:
        """Return (scope's logical name, principal, role's name) of every role assignment, from the logical names."""
        assignments = self.all("authorization:RoleAssignment").values()
        return {
            (scope.name, one.inputs["principalId"], one.name.removeprefix(scope.name + "-"))
            for one in assignments
            for scope in self.resources
            if scope.type == "mlplatform:access:RoleAssignments" and one.parent.endswith("::" + scope.name)
        }


def run_program(
    program: Callable[..., StackOutputs],
    environment: Environment,
    *contracts: type[StackOutputs],
    given: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Run:
    """Run `program` with samples of `contracts` and return what came of it; its outputs are the contract's fields.

    given: values of single contract fields, as `sample` takes them. secrets: secret configuration values.
    """

    def declare() -> dict[str, Any]:
        published = program(environment, *(sample(contract, given or {}) for contract in contracts))
        return {spec.name: getattr(published, spec.name) for spec in published.specs()}

    return record(declare, project=_returned(program).stack, stack=environment.name, secrets=secrets)


def record(
    declare: Callable[[], dict[str, Any]],
    *,
    project: str = "sample",
    stack: str = "sandbox",
    secrets: Mapping[str, str] | None = None,
) -> Run:
    """Run `declare` in a stack, wait for all that it registers, and return that with the outputs it returned."""
    monitor = _RecordingMonitor()
    configuration = {f"{project}:{name}": value for name, value in (secrets or {}).items()}
    found: dict[str, Any] = {}

    @pulumi.runtime.test
    def whole_program() -> Output[Any]:
        return Output.from_input(declare()).apply(found.update)

    with simulated_stack(monitor.mocks, project=project, stack=stack, monitor=monitor):
        set_all_config(configuration, list(configuration))
        whole_program()
    return Run(resources=tuple(monitor.registered), outputs=found)


def _returned(program: Callable[..., StackOutputs]) -> type[StackOutputs]:
    return cast("type[StackOutputs]", program.__annotations__["return"])


class _RecordingMonitor(mocks.MockMonitor):
    """A monitor that keeps the options of resources too, which mocks do not see."""

    def __init__(self) -> None:
        super().__init__(Clouds())
        self.registered: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's protocol names it
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(_registered(request, response.urn))
        return response


def _registered(request: Any, urn: str) -> Registered:
    inputs = rpc.deserialize_properties(request.object)
    return Registered(
        type=request.type,
        name=request.name,
        urn=urn,
        inputs=_plain(inputs),
        secrets=frozenset(key for key, value in inputs.items() if _holds_secret(value)),
        parent=request.parent,
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        delete_before_replace=request.deleteBeforeReplace,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        depends_on=frozenset(request.dependencies),
    )


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
