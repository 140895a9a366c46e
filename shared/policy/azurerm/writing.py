"""What writers of blocks have in common."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from shared.policy.json_value import Json, at
from shared.policy.resource import Resource
from shared.policy.terraform_block import Block

Writer = Callable[[Resource, Sequence[Resource]], Iterator[Block]]
"""Yields the blocks of a resource, which may tell of its children too: it gets all resources."""

_SWITCH = {"enabled": True, "disabled": False}


def block(resource: Resource, type_: str, values: Mapping[str, Json]) -> Block:
    """Return a block with the values that are there: an absent argument stays absent, rules know what that means."""
    return Block(of=resource, type=type_, values={name: value for name, value in values.items() if value is not None})


def switched(value: Json) -> bool | None:
    """Return whether "Enabled" or "Disabled" is on; None where nothing is said."""
    return _SWITCH.get(str(value).lower())


def inverted(value: Json) -> bool | None:
    """Return the opposite of a flag; None where nothing is said."""
    return None if value is None else not value


def nested(values: Mapping[str, Json] | None) -> list[Json] | None:
    """Return a block in a block; None where there is none."""
    return None if values is None else [{name: value for name, value in values.items() if value is not None}]


def children(resource: Resource, resources: Sequence[Resource], type_: str, parent: str) -> Iterator[Resource]:
    """Yield the resources of a type whose argument `parent` is the name of this one."""
    name = resource.outputs.get("name", resource.id.rpartition("/")[2])
    return (one for one in resources if one.type == type_ and at(one.inputs, parent) == name)
