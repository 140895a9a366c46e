"""How one resource type of a simulated cloud behaves. A type without a model is refused."""

import dataclasses
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Protocol

from shared.sandbox.inventory import Record
from shared.sandbox.wire import UNKNOWN, Json, Properties


@dataclasses.dataclass(frozen=True, kw_only=True)
class CloudIds:
    """Whose clouds are simulated."""

    subscription_id: str
    tenant_id: str
    account_id: str
    region: str


class Existing(Protocol):
    """What a model may ask about the rest of the cloud."""

    def find(self, resource_id: str, token: str | None = None) -> Record | None:
        """Return the live resource with that id (and of that type, if given), or None."""
        ...

    def of_type(self, token: str) -> list[Record]:
        """Return the live resources of one type, oldest first."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """One create or update, as a model sees it.

    inputs: provider (camelCase) names; a secret is a hash, an unknown value is wire.UNKNOWN.
    id: the resource's id; empty while it is being made.
    serial: number that changes when the resource is made anew.
    """

    inputs: Properties
    cloud: CloudIds
    existing: Existing
    serial: int
    id: str = ""

    def text(self, key: str, default: str = "") -> str:
        """Return a string input, or `default`."""
        value = self.inputs.get(key)
        return default if value is None else str(value)

    def guid(self, purpose: str) -> str:
        """Return a server-made GUID: stable for this resource, another one when it is made anew."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.id}/{self.serial}/{purpose}"))

    def hex(self, purpose: str, digits: int) -> str:
        """Return server-made hex digits, as stable as `guid`."""
        return self.guid(purpose).replace("-", "")[:digits]


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameRule:
    """What the service demands of a name: the input that holds it, and a pattern for the whole of it."""

    property: str
    pattern: str
    code: str = "InvalidResourceName"

    def problem(self, inputs: Mapping[str, Json]) -> str | None:
        """Return what is wrong with the name in `inputs`, or None. A name that is not known yet is not judged."""
        name = inputs.get(self.property)
        if isinstance(name, str) and name != UNKNOWN and not re.fullmatch(self.pattern, name):
            return f"{self.code}: {self.property} {name!r} does not match {self.pattern}"
        return None


def _nothing(_: Request) -> None:
    return None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceModel:
    """One resource type.

    token: the provider's type token.
    properties: every input that the type takes; another one is refused.
    required: inputs that must be there.
    write_only: inputs that are not outputs (names in the path, values that the service never gives back).
    exists_code, taken_code: the service's error codes where the id exists already, and where the unique name is taken.
    name: rule for the name, or None where the cloud makes it.
    unique_name: the name in the scope in which it must be unique (worded as the scope and the name), or None.
    make_id: the id that the cloud gives.
    check: raises CloudError where something refers to what does not exist, or is not allowed.
    check_delete: raises CloudError where something still holds the resource. The request is the resource as it is.
    outputs: what the service adds to the inputs, or gives back in another shape. Wins over the echoed inputs.
    replace_on: inputs (dotted paths) whose change makes the resource anew.
    """

    token: str
    properties: frozenset[str]
    make_id: Callable[[Request], str]
    required: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    exists_code: str = "ResourceExists"
    taken_code: str = "AlreadyExists"
    name: NameRule | None = None
    unique_name: Callable[[Request], str | None] = _nothing
    check: Callable[[Request], None] = _nothing
    check_delete: Callable[[Request], None] = _nothing
    outputs: Callable[[Request], Properties] = lambda _: {}
    replace_on: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hold:
    """How a deleted resource holds its name. days: for how long; protected: whether nobody can purge it before."""

    days: int
    protected: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class SoftDelete:
    """What a service does with deleted resources of one type.

    hold: how a resource that is being deleted holds its name; None where that is free at once.
    code, message: how the service refuses to create one with such a name; `{name}` stands for the last name in its id.
    """

    hold: Callable[[Record, Existing], Hold | None]
    code: str
    message: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionModel:
    """One provider function (invoke)."""

    token: str
    properties: frozenset[str]
    result: Callable[[Request], Properties]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Catalog:
    """Everything one provider can do.

    keeps_computed: whether computed outputs stay known in the preview of an update (the Terraform bridge keeps them,
    azure-native makes them unknown).
    nested_ids: whether ids are paths, so that a deleted resource takes what lies below its id with it.
    configure: raises CloudError where the provider's configuration does not belong to the simulated cloud.
    place: the cloud as a provider with that configuration sees it.
    replaced_by: keys of the configuration whose change makes the provider anew, and every resource with it.
    soft_delete: what is kept when it is deleted, by type token; a type that is not in it is gone at once.
    """

    provider: str
    version: str
    keeps_computed: bool
    nested_ids: bool
    configure: Callable[[Properties, CloudIds], None]
    resources: Mapping[str, ResourceModel]
    functions: Mapping[str, FunctionModel]
    place: Callable[[Properties, CloudIds], CloudIds] = lambda _, cloud: cloud
    replaced_by: frozenset[str] = frozenset()
    soft_delete: Mapping[str, SoftDelete] = dataclasses.field(default_factory=dict)


def by_token(*models: ResourceModel) -> dict[str, ResourceModel]:
    """Return models by their tokens."""
    return {model.token: model for model in models}
